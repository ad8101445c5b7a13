using GpuNets.Peers;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>A function of fixed inputs without gradients, whose result is kept until the next run.</summary>
internal sealed class TorchFunction(Func<Tensor[], Tensor> function, params HostArray[] inputs) : IWork
{
    private readonly Tensor[] _inputs = [.. inputs.Select(input => input.ToTorch())];
    private Tensor? _result;

    public void Run()
    {
        _result?.Dispose();
        using var _ = inference_mode();
        _result = function(_inputs);
    }

    public IReadOnlyList<HostArray> Outputs() => [_result!.ToHost("result")];

    public void Dispose()
    {
        _result?.Dispose();
        foreach (var input in _inputs) input.Dispose();
    }
}
