namespace GpuNets.Peers;

/// <summary>A function of fixed inputs without gradients, whose result is kept until the next run.</summary>
internal sealed class GpuNetsFunction(Device device, Func<Tensor[], Tensor> function, params HostArray[] inputs) : IWork
{
    private readonly Tensor[] _inputs = [.. inputs.Select(input => input.ToGpuNets(device))];
    private MemoryScope? _scope;
    private Tensor? _result;

    public void Run()
    {
        _scope?.Dispose();
        _scope = device.Scope();
        _result = function(_inputs);
        device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs() => [_result!.ToHost("result")];

    public void Dispose() => _scope?.Dispose();
}
