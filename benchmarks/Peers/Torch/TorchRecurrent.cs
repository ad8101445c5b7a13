using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>One layer of nn.LSTM or nn.GRU over a sequence, forward and backward from a given gradient of the outputs.</summary>
internal sealed class TorchRecurrent : IWork
{
    private readonly nn.Module _layer;
    private readonly Tensor _input;          // [time, batch, input]
    private readonly Tensor _outputGradient; // [time, batch, directions * units]
    private readonly Tensor? _lengths;
    private Tensor? _output;

    public TorchRecurrent(RecurrentSetting setting)
    {
        _input = setting.Input.ToTorch(gradient: true);
        _outputGradient = setting.OutputGradient.ToTorch();
        _lengths = setting.Packed ? tensor(setting.Lengths.Select(length => (long)length).ToArray()) : null;
        bool both = setting.Directions == 2;
        _layer = setting.Lstm ? nn.LSTM(setting.Inputs, setting.Units, bidirectional: both) : nn.GRU(setting.Inputs, setting.Units, bidirectional: both);
        var weights = setting.Weights;
        using var _ = no_grad();
        foreach (var (name, parameter) in _layer.named_parameters())
            parameter.copy_(weights.Single(weight => weight.Name == name).ToTorch());
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        _layer.zero_grad();
        _input.grad?.zero_();
        var output = _lengths is null ? Whole() : Packed();
        output.backward([_outputGradient]);
        _output?.Dispose();
        _output = output.detach().MoveToOuterDisposeScope();
    }

    public IReadOnlyList<HostArray> Outputs() =>
    [
        _output!.ToHost("output"), _input.grad!.ToHost("input.grad"),
        .. _layer.named_parameters().Select(entry => entry.parameter.grad!.ToHost(entry.name + ".grad")),
    ];

    public void Dispose()
    {
        _output?.Dispose();
        _lengths?.Dispose();
        _layer.Dispose();
        _input.Dispose();
        _outputGradient.Dispose();
    }

    private Tensor Whole() => _layer is LSTM lstm ? lstm.call(_input).Item1 : ((GRU)_layer).call(_input).Item1;

    private Tensor Packed()
    {
        var packed = nn.utils.rnn.pack_padded_sequence(_input, _lengths!);
        var output = _layer is LSTM lstm ? lstm.call(packed).Item1 : ((GRU)_layer).call(packed).Item1;
        return nn.utils.rnn.pad_packed_sequence(output).Item1;
    }
}
