using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>One layer of nn.LSTM over a sequence, forward and backward from a given gradient of the outputs.</summary>
internal sealed class TorchLstm : IWork
{
    private readonly LSTM _lstm;
    private readonly Tensor _input;          // [time, batch, input]
    private readonly Tensor _outputGradient; // [time, batch, units]
    private Tensor? _output;

    public TorchLstm(HostArray input, HostArray outputGradient, IReadOnlyList<HostArray> weights)
    {
        _input = input.ToTorch(gradient: true);
        _outputGradient = outputGradient.ToTorch();
        _lstm = nn.LSTM(input.Shape[^1], outputGradient.Shape[^1]);
        using var _ = no_grad();
        foreach (var (name, parameter) in _lstm.named_parameters())
            parameter.copy_(weights.Single(weight => weight.Name == name).ToTorch());
    }

    public void Run()
    {
        using var scope = NewDisposeScope();
        _lstm.zero_grad();
        _input.grad?.zero_();
        var (output, _, _) = _lstm.call(_input);
        output.backward([_outputGradient]);
        _output?.Dispose();
        _output = output.detach().MoveToOuterDisposeScope();
    }

    public IReadOnlyList<HostArray> Outputs() =>
    [
        _output!.ToHost("output"), _input.grad!.ToHost("input.grad"),
        .. _lstm.named_parameters().Select(entry => entry.parameter.grad!.ToHost(entry.name + ".grad")),
    ];

    public void Dispose()
    {
        _output?.Dispose();
        _lstm.Dispose();
        _input.Dispose();
        _outputGradient.Dispose();
    }
}
