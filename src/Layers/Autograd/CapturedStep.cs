using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// A step that the device runs as one launch. On CUDA the first run of a key is the plain step, which makes ready what lasts; the second is
/// recorded as a graph, and each later one launches that graph: it costs the host a copy of a few words, whatever the step holds. What
/// changes from run to run by itself goes on as in plain steps, bit for bit: random sequences of <see cref="RandomSource"/>s, step counts,
/// rates and schedules of optimisers, batches that a batch norm counts. On other devices each run is the plain step.
/// </summary>
/// <remarks>
/// A recorded step uses the tensors and the numbers of the host that it saw: new inputs are written into the same tensors
/// (<see cref="Tensor.CopyFrom(ReadOnlySpan{float})"/>, <see cref="Tensor.CopyFrom(Tensor)"/>, <see cref="IndexTensor.CopyFrom(ReadOnlySpan{int})"/>) and must have the same shapes. Steps of different
/// shapes, lengths or host values take different keys. Within the step no value can be read and no tensor be made of host values; that
/// refuses the gradient of <see cref="Tensor.Gather"/>, whose order the host makes.
/// </remarks>
public sealed class CapturedStep : IDisposable
{
    private static readonly object s_noKey = new();

    private readonly Device _device;
    private readonly Func<Func<Tensor, Tensor>, Tensor> _step;   // runs the step, hands its value to what keeps it, and ends what owns its temporaries
    private readonly Func<ILaunchGraph?> _newGraph;
    private readonly Dictionary<(object Key, Precision Precision), Form> _forms = [];

    internal CapturedStep(Device device, Func<Tape, Tensor> step) : this(device, step, device.NewGraph)
    {
    }

    internal CapturedStep(Device device, Func<Tape, Tensor> step, Func<ILaunchGraph?> newGraph)
    {
        (_device, _newGraph) = (device, newGraph);
        _step = keep =>
        {
            using var tape = device.Record();
            return keep(step(tape));
        };
    }

    /// <summary>A step without gradients.</summary>
    internal CapturedStep(Device device, Func<Tensor> step, Func<ILaunchGraph?> newGraph)
    {
        (_device, _newGraph) = (device, newGraph);
        _step = keep =>
        {
            using var scope = device.Scope();
            return keep(step());
        };
    }

    /// <summary>Runs the step.</summary>
    /// <returns>What the step returned, most often its loss; the next run overwrites it.</returns>
    /// <exception cref="InvalidOperationException">
    /// On CUDA: the step reads values or makes tensors of host values; a tensor that it uses was freed; a parameter has a gradient where it
    /// had none when the step was recorded, or the other way round.
    /// </exception>
    public Tensor Run() => Run(s_noKey);

    /// <summary>Runs the step in the form of a key: each key is recorded for itself.</summary>
    /// <param name="key">What the form of the step depends on, for instance the shape of its input; compared by Equals.</param>
    /// <inheritdoc cref="Run()"/>
    public Tensor Run(object key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (_device.Recording is not null) throw new InvalidOperationException("Capture: a captured step runs within another; run one after the other.");
        if (!_forms.TryGetValue((key, _device.Precision), out var form)) _forms[(key, _device.Precision)] = form = new Form();
        if (form.Recording is not null)
        {
            form.Recording.Replay();
        }
        else if (_newGraph() is not { } graph)
        {
            Once(form);
        }
        else if (form.IsReady)
        {
            form.Recording = _device.Record(graph, () => Once(form));
        }
        else
        {
            _device.Rehearse(() => Once(form));
            form.IsReady = true;
        }
        return form.Result!;
    }

    /// <summary>Frees the graphs, the memory that their launches use, and the results.</summary>
    public void Dispose()
    {
        foreach (var form in _forms.Values)
        {
            form.Recording?.Dispose();
            form.Result?.Buffer.Free();
        }
        _forms.Clear();
    }

    private void Once(Form form) => _step(value => Keep(form, value));

    private Tensor Keep(Form form, Tensor value)
    {
        Op.CheckDevice("Capture", _device, value.Device);
        if (form.Result is not null && form.Result.Shape != value.Shape)
        {
            form.Result.Buffer.Free();
            form.Result = null;
        }
        form.Result ??= new Tensor(value.Shape, _device.Allocate(value.Count, "result of a captured step"));
        _device.Copy(value.Buffer, form.Result.Buffer);
        return form.Result;
    }

    /// <summary>The step with one key.</summary>
    private sealed class Form
    {
        /// <summary>True once a run has made ready what lasts: memory of optimisers, kernels.</summary>
        public bool IsReady { get; set; }

        public StepRecording? Recording { get; set; }
        public Tensor? Result { get; set; }
    }
}
