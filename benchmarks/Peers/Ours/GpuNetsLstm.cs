namespace GpuNets.Peers;

/// <summary>One layer of <see cref="Lstm"/> over a sequence, forward and backward from a given gradient of the outputs.</summary>
internal sealed class GpuNetsLstm : IWork
{
    private readonly Device _device;
    private readonly Lstm _lstm;
    private readonly Tensor _input;          // [time, batch, input]
    private readonly Tensor _outputGradient; // [time, batch, units]
    private Tape? _tape;
    private Tensor? _output;

    public GpuNetsLstm(Device device, HostArray input, HostArray outputGradient, IReadOnlyList<HostArray> weights)
    {
        _device = device;
        _input = input.ToGpuNets(device);
        _outputGradient = outputGradient.ToGpuNets(device);
        _lstm = new Lstm(new Vars(device, GpuNetsArrays.ToState(weights)), input.Shape[^1], outputGradient.Shape[^1]);
    }

    public void Run()
    {
        foreach (var parameter in _lstm.Parameters) parameter.ClearGradient();
        _tape?.Dispose();
        _tape = _device.Record();
        (_output, _) = _lstm.Forward(_tape.Watch(_input));
        _tape.Backward(_output, _outputGradient);
        _device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs() =>
    [
        _output!.ToHost("output"), _tape!.Gradient(_input)!.ToHost("input.grad"),
        .. _lstm.Parameters.Select(parameter => parameter.Gradient!.ToHost(parameter.Path + ".grad")),
    ];

    public void Dispose() => _tape?.Dispose();
}
