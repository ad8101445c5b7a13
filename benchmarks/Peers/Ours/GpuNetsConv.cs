namespace GpuNets.Peers;

/// <summary>A layer of GpuNets over a batch of images, on request with all gradients.</summary>
internal sealed class GpuNetsConv : IWork
{
    private readonly Device _device;
    private readonly ConvLayer _layer;
    private readonly Tensor _input, _outputGradient;
    private readonly bool _gradients;
    private IDisposable? _owner;
    private Tensor? _output;

    public GpuNetsConv(Device device, ConvSetting setting, bool gradients)
    {
        (_device, _gradients) = (device, gradients);
        _input = setting.Input().ToGpuNets(device);
        _outputGradient = setting.OutputGradient().ToGpuNets(device);
        var vars = new Vars(device, GpuNetsArrays.ToState([setting.Weight(), setting.Bias()]));
        _layer = setting switch
        {
            { Transposed: true } => new ConvTranspose2d(vars, setting.In, setting.Out, setting.Kernel, new() { Stride = setting.Stride, Padding = setting.Padding }),
            { Masked: true } => new MaskedConv2d(vars, setting.In, setting.Out, setting.Kernel),
            _ => new Conv2d(vars, setting.In, setting.Out, setting.Kernel, new()
            {
                Stride = setting.Stride,
                Padding = setting.Padding,
                Dilation = setting.Dilation,
                Groups = setting.Groups,
            }),
        };
    }

    public void Run()
    {
        _owner?.Dispose();
        if (_gradients)
        {
            foreach (var parameter in _layer.Parameters) parameter.ClearGradient();
            var tape = _device.Record();
            _owner = tape;
            _output = _layer.Forward(tape.Watch(_input));
            tape.Backward(_output, _outputGradient);
        }
        else
        {
            _owner = _device.Scope();
            _output = _layer.Forward(_input);
        }
        _device.Synchronize();
    }

    public IReadOnlyList<HostArray> Outputs() => _owner is Tape tape
        ?
        [
            _output!.ToHost("output"), tape.Gradient(_input)!.ToHost("input.grad"),
            _layer.Weight.Gradient!.ToHost("weight.grad"), _layer.Bias!.Gradient!.ToHost("bias.grad"),
        ]
        : [_output!.ToHost("output")];

    public void Dispose() => _owner?.Dispose();
}
