using GpuNets.Peers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>A training step of many tiny operations: y = x + b + b + ..., then the gradients of sum(y * y).</summary>
internal sealed class TorchSmallOps(HostArray x, HostArray b, int additions) : IWork
{
    private readonly Tensor _x = x.ToTorch(gradient: true);
    private readonly Tensor _b = b.ToTorch(gradient: true);
    private HostArray? _loss;

    public void Run()
    {
        using var scope = NewDisposeScope();
        _x.grad?.zero_();
        _b.grad?.zero_();
        var y = _x;
        for (int i = 0; i < additions; i++) y = y + _b;
        var loss = (y * y).sum();
        loss.backward();
        _loss = new HostArray("loss", [1], [loss.item<float>()]);
    }

    public IReadOnlyList<HostArray> Outputs() => [_loss!, _x.grad!.ToHost("x.grad"), _b.grad!.ToHost("b.grad")];

    public void Dispose()
    {
        _x.Dispose();
        _b.Dispose();
    }
}
