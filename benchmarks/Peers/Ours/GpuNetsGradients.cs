namespace GpuNets.Peers;

/// <summary>A function of fixed inputs, forward and backward from a given gradient of its result.</summary>
internal sealed class GpuNetsGradients(Device device, Func<Tensor[], Tensor> function, HostArray gradient, params HostArray[] inputs) : IWork
{
    private readonly Tensor[] _inputs = [.. inputs.Select(input => input.ToGpuNets(device))];
    private readonly Tensor _gradient = gradient.ToGpuNets(device);
    private Tape? _tape;
    private Tensor? _result;

    public void Run()
    {
        _tape?.Dispose();
        _tape = device.Record();
        foreach (var input in _inputs) _tape.Watch(input);
        _result = function(_inputs);
        _tape.Backward(_result, _gradient);
        device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs() =>
        [_result!.ToHost("result"), .. _inputs.Select((input, n) => _tape!.Gradient(input)!.ToHost($"{inputs[n].Name}.grad"))];

    public void Dispose() => _tape?.Dispose();
}
