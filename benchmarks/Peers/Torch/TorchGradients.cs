using GpuNets.Peers;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>A function of fixed inputs, forward and backward from a given gradient of its result.</summary>
internal sealed class TorchGradients(Func<Tensor[], Tensor> function, HostArray gradient, params HostArray[] inputs) : IWork
{
    private readonly Tensor[] _inputs = [.. inputs.Select(input => input.ToTorch(gradient: true))];
    private readonly Tensor _gradient = gradient.ToTorch();
    private Tensor? _result;

    public void Run()
    {
        using var scope = NewDisposeScope();
        foreach (var input in _inputs) input.grad = null;
        var result = function(_inputs);
        result.backward([_gradient]);
        _result?.Dispose();
        _result = result.detach().MoveToOuterDisposeScope();
    }

    public IReadOnlyList<HostArray> Outputs() =>
        [_result!.ToHost("result"), .. _inputs.Select((input, n) => input.grad!.ToHost($"{inputs[n].Name}.grad"))];

    public void Dispose()
    {
        _result?.Dispose();
        _gradient.Dispose();
        foreach (var input in _inputs) input.Dispose();
    }
}
