using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// A step whose launches go to the device as one: on CUDA they are recorded as a graph, which each run updates with the arguments of its own
/// step (random sequences, rates, counters), so that the results are those of the plain step, bit for bit; on other devices a run is the
/// plain step. Tensors of the outside may be written between runs and may differ; within the step no value can be read, and no tensor can
/// be made of host values.
/// </summary>
public sealed class CapturedStep : IDisposable
{
    private readonly Device _device;
    private readonly Func<Tape, Tensor> _step;
    private readonly ILaunchGraph? _graph;
    private Tensor? _result;

    internal CapturedStep(Device device, Func<Tape, Tensor> step) : this(device, step, device.NewGraph())
    {
    }

    internal CapturedStep(Device device, Func<Tape, Tensor> step, ILaunchGraph? graph) => (_device, _step, _graph) = (device, step, graph);

    /// <summary>Runs the step with what it refers to now.</summary>
    /// <returns>What the step returned, most often its loss; the next run overwrites it.</returns>
    /// <exception cref="InvalidOperationException">On CUDA: the step reads values or makes tensors of host values.</exception>
    public Tensor Run()
    {
        _device.Replay(_graph, Once);
        return _result!;
    }

    /// <summary>Frees the graph and the result.</summary>
    public void Dispose()
    {
        _graph?.Dispose();
        _result?.Buffer.Free();
        _result = null;
    }

    private void Once()
    {
        using var tape = _device.Record();
        var value = _step(tape);
        Op.CheckDevice("Capture", _device, value.Device);
        if (_result is not null && _result.Shape != value.Shape)
        {
            _result.Buffer.Free();
            _result = null;
        }
        _result ??= new Tensor(value.Shape, _device.Allocate(value.Count, "result of a captured step"));
        _device.Copy(value.Buffer, _result.Buffer);
    }
}
