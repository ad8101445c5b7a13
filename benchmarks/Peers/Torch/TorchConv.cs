using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>A convolution of libtorch over a batch of images, on request with all gradients.</summary>
internal sealed class TorchConv : IWork
{
    private readonly ConvSetting _setting;
    private readonly Tensor _input, _outputGradient, _weight, _bias;
    private readonly Tensor? _mask;
    private readonly bool _gradients;
    private Tensor? _output;

    public TorchConv(ConvSetting setting, bool gradients, ScalarType type = ScalarType.Float32)
    {
        (_setting, _gradients) = (setting, gradients);
        _input = Make(setting.Input(), gradients);
        _outputGradient = Make(setting.OutputGradient(), false);
        _weight = Make(setting.Weight(), gradients);
        _bias = Make(setting.Bias(), gradients);
        if (setting.Masked) _mask = (_weight.detach() != 0).to_type(type);

        Tensor Make(HostArray values, bool leaf)
        {
            using var floats = values.ToTorch();
            return floats.to(type, copy: true).requires_grad_(leaf);
        }
    }

    public void Run()
    {
        _output?.Dispose();
        if (!_gradients)
        {
            using var _ = inference_mode();
            _output = Forward();
            return;
        }
        using var scope = NewDisposeScope();
        foreach (var leaf in new[] { _input, _weight, _bias }) leaf.grad = null;
        var output = Forward();
        output.backward([_outputGradient]);
        _output = output.detach().MoveToOuterDisposeScope();
    }

    public IReadOnlyList<HostArray> Outputs() => _gradients
        ?
        [
            _output!.ToHost("output"), _input.grad!.ToHost("input.grad"),
            // A mask in front of the weight takes its gradient out.
            (_mask is null ? _weight.grad! : _weight.grad! * _mask).ToHost("weight.grad"), _bias.grad!.ToHost("bias.grad"),
        ]
        : [_output!.ToHost("output")];

    public void Dispose()
    {
        foreach (var tensor in new[] { _output, _input, _outputGradient, _weight, _bias, _mask }) tensor?.Dispose();
    }

    private Tensor Forward()
    {
        long[] stride = [_setting.Stride, _setting.Stride], padding = [_setting.Padding, _setting.Padding], dilation = [_setting.Dilation, _setting.Dilation];
        return _setting.Transposed
            ? nn.functional.conv_transpose2d(_input, _weight, _bias, stride, padding)
            : nn.functional.conv2d(_input, _weight, _bias, stride, padding, dilation, _setting.Groups);
    }
}
