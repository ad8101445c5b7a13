using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Records the operations of one step and owns every temporary of it. <c>using var tape = device.Record();</c> opens one; without a
/// tape nothing is recorded, which is inference.
/// </summary>
public sealed class Tape : IDisposable
{
    private readonly MemoryScope _scope;
    private readonly Device _device;
    private readonly List<Op> _ops = [];
    private readonly List<Precision> _precisions = [];   // of the operations, for their gradients
    private readonly List<Tensor> _watched = [];
    private bool _ran, _disposed;

    // Whether the operation that runs backward has given the gradient of its output to an input.
    private bool _givenAway;

    // The gradient that backward was given: the caller's, so nobody may take it over and add to it.
    private DeviceBuffer? _lent;

    internal Tape(Device device)
    {
        if (device.Recorder is not null)
            throw new InvalidOperationException($"A tape is already open on {device}; dispose it before opening another.");
        _scope = device.Scope();
        _device = device;
        device.Recorder = this;
    }

    /// <summary>Number of operations recorded.</summary>
    public int Count => _ops.Count;

    /// <summary>The operations recorded so far, in order.</summary>
    internal IReadOnlyList<Op> Ops => _ops;

    internal static Tape? Of(Device device) => (Tape?)device.Recorder;

    internal void Add(Op op)
    {
        foreach (var output in op.Outputs) output.RequiresGradient = true;
        _ops.Add(op);
        _precisions.Add(_device.Precision);
    }

    /// <summary>
    /// Lets gradients flow to a tensor that is not a parameter, until this tape is disposed; read them with <see cref="Gradient"/>.
    /// </summary>
    /// <returns>The same tensor.</returns>
    public Tensor Watch(Tensor tensor)
    {
        Op.CheckDevice("Watch", _device, tensor.Device);
        if (tensor is not Parameter) _watched.Add(tensor);
        tensor.RequiresGradient = true;
        return tensor;
    }

    /// <summary>Computes the gradients of a scalar with respect to all parameters and watched tensors.</summary>
    /// <param name="loss">A tensor with one element that was computed while this tape was open.</param>
    /// <exception cref="ShapeException">The loss has more than one element.</exception>
    /// <exception cref="InvalidOperationException">Backward ran before on this tape, or no recorded operation leads to the loss.</exception>
    public void Backward(Tensor loss)
    {
        if (loss.Count != 1) throw new ShapeException("Backward", $"the loss must have one element, got {loss.Shape}; reduce it or pass its gradient.");
        var one = _device.AllocateTemporary(1, "gradient of the loss");
        Fill.Launch(one, 1f);
        Run(loss, one);
    }

    /// <summary>Computes gradients, given the gradient of an output of any shape.</summary>
    /// <param name="output">A tensor that was computed while this tape was open.</param>
    /// <param name="gradient">Gradient with respect to <paramref name="output"/>, of its shape; it is read, not changed.</param>
    public void Backward(Tensor output, Tensor gradient)
    {
        if (gradient.Shape != output.Shape)
            throw new ShapeException("Backward", $"the gradient has shape {gradient.Shape} but the output {output.Shape}.");
        _lent = gradient.Buffer;
        Run(output, gradient.Buffer);
    }

    /// <summary>The gradient of a watched tensor or a parameter after <see cref="Backward(Tensor)"/>; null if none reached it.</summary>
    public Tensor? Gradient(Tensor tensor) =>
        tensor is Parameter parameter ? parameter.Gradient : tensor.GradientBuffer is { IsLive: true } buffer ? new Tensor(tensor.Shape, buffer) : null;

    /// <summary>Frees the temporaries of the step.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _device.Recorder = null;
        _ops.Clear();
        _precisions.Clear();
        // A watched tensor may outlive the tape; its gradient does not.
        foreach (var tensor in _watched) (tensor.RequiresGradient, tensor.GradientBuffer) = (false, null);
        _watched.Clear();
        _scope.Dispose();
    }

    /// <summary>
    /// Where an operation puts the gradient of an input when its kernel can add in place: reads the buffer only if
    /// <paramref name="accumulate"/> is true. Null if the input needs none.
    /// </summary>
    internal DeviceBuffer? Target(Tensor input, out bool accumulate)
    {
        accumulate = false;
        if (!input.RequiresGradient) return null;
        if (input is Parameter parameter) return parameter.GradientTarget(out accumulate);
        accumulate = input.GradientBuffer is not null;
        return input.GradientBuffer ??= _device.AllocateTemporary(input.Count, "gradient");
    }

    /// <summary>
    /// Where an operation writes the gradient of an input when its kernel only overwrites; pass the buffer to <see cref="Put"/>
    /// afterwards. Null if the input needs none.
    /// </summary>
    internal DeviceBuffer? Fresh(Tensor input)
    {
        if (!input.RequiresGradient) return null;
        if (input is Parameter { HasGradient: false } parameter) return parameter.GradientTarget(out _);
        return _device.AllocateTemporary(input.Count, "gradient");
    }

    /// <summary>Adds a gradient that an operation wrote to the buffer it got from <see cref="Fresh"/>.</summary>
    internal void Put(Tensor input, DeviceBuffer gradient)
    {
        var target = input is Parameter parameter ? parameter.GradientTarget(out _) : input.GradientBuffer;
        if (target is null) input.GradientBuffer = gradient;
        else if (!ReferenceEquals(target, gradient)) AddInPlace.Launch(gradient, target);
    }

    /// <summary>Adds a gradient in a temporary that nobody else needs; the first one becomes the input's own.</summary>
    internal void Give(Tensor input, DeviceBuffer gradient)
    {
        if (!input.RequiresGradient) return;
        if (input is Parameter { HasGradient: false } parameter) _device.Copy(gradient, parameter.GradientTarget(out _));
        else Put(input, gradient);
    }

    /// <summary>
    /// Adds the gradient of an operation's output to that of an input, where the two are equal. The first such input takes over the buffer
    /// itself, which nobody needs any more: a residual connection costs no copy.
    /// </summary>
    internal void PutShared(Tensor input, Tensor output)
    {
        var gradient = output.GradientBuffer!;
        bool free = !_givenAway && !ReferenceEquals(gradient, _lent) && !_watched.Exists(watched => ReferenceEquals(watched, output));
        if (free && input is { RequiresGradient: true, GradientBuffer: null } and not Parameter)
        {
            input.GradientBuffer = gradient;
            _givenAway = true;
            return;
        }
        if (Target(input, out bool accumulate) is not { } target) return;
        if (accumulate) AddInPlace.Launch(gradient, target);
        else _device.Copy(gradient, target);
    }

    private void Run(Tensor output, DeviceBuffer gradient)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_ran) throw new InvalidOperationException("Backward already ran on this tape; record the step again on a new one.");
        if (!output.RequiresGradient)
            throw new InvalidOperationException("Backward: no recorded operation on a parameter or watched tensor leads to this output.");
        _ran = true;
        output.GradientBuffer = gradient;
        _device.Recorder = null;   // what backward computes is not recorded
        try
        {
            for (int i = _ops.Count - 1; i >= 0; i--)
            {
                var op = _ops[i];
                bool reached = false;
                foreach (var result in op.Outputs) reached |= result.GradientBuffer is not null;
                if (!reached) continue;
                _givenAway = false;
                using (_device.With(_precisions[i])) op.Backward(this);
            }
        }
        finally
        {
            _device.Recorder = this;
        }
    }
}
