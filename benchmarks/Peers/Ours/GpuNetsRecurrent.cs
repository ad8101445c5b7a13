namespace GpuNets.Peers;

/// <summary>One layer of <see cref="Lstm"/> or <see cref="Gru"/> over a sequence, forward and backward from a given gradient of the outputs.</summary>
internal sealed class GpuNetsRecurrent : IWork
{
    private readonly Device _device;
    private readonly Module _layer;
    private readonly Tensor _input;          // [time, batch, input]
    private readonly Tensor _outputGradient; // [time, batch, directions * units]
    private readonly IndexTensor? _lengths;
    private Tape? _tape;
    private Tensor? _output;

    public GpuNetsRecurrent(Device device, RecurrentSetting setting)
    {
        _device = device;
        _input = setting.Input.ToGpuNets(device);
        _outputGradient = setting.OutputGradient.ToGpuNets(device);
        _lengths = setting.Packed ? device.Indices(setting.Lengths) : null;
        var vars = new Vars(device, GpuNetsArrays.ToState(setting.Weights));
        bool both = setting.Directions == 2;
        _layer = setting.Lstm
            ? new Lstm(vars, setting.Inputs, setting.Units, new LstmOptions { Bidirectional = both })
            : new Gru(vars, setting.Inputs, setting.Units, new GruOptions { Bidirectional = both });
    }

    public void Run()
    {
        foreach (var parameter in _layer.Parameters) parameter.ClearGradient();
        _tape?.Dispose();
        _tape = _device.Record();
        var x = _tape.Watch(_input);
        _output = _layer is Lstm lstm ? lstm.Forward(x, null, _lengths).Output : ((Gru)_layer).Forward(x, null, _lengths).Output;
        _tape.Backward(_output, _outputGradient);
        _device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs() =>
    [
        _output!.ToHost("output"), _tape!.Gradient(_input)!.ToHost("input.grad"),
        .. _layer.Parameters.Select(parameter => parameter.Gradient!.ToHost(parameter.Path + ".grad")),
    ];

    public void Dispose() => _tape?.Dispose();
}
