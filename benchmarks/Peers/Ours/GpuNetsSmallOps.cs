namespace GpuNets.Peers;

/// <summary>A training step of many tiny operations: y = x + b + b + ..., then the gradients of sum(y * y).</summary>
internal sealed class GpuNetsSmallOps : IWork
{
    private readonly Device _device;
    private readonly Parameter _x, _b;
    private readonly int _additions;
    private HostArray? _loss;

    public GpuNetsSmallOps(Device device, HostArray x, HostArray b, int additions)
    {
        (_device, _additions) = (device, additions);
        var vars = new Vars(device, GpuNetsArrays.ToState([x, b]));
        _x = vars.Parameter(x.Name, x.Shape, Init.Zeros);
        _b = vars.Parameter(b.Name, b.Shape, Init.Zeros);
    }

    public void Run()
    {
        _x.ClearGradient();
        _b.ClearGradient();
        using var tape = _device.Record();
        Tensor y = _x;
        for (int i = 0; i < _additions; i++) y += _b;
        var loss = (y * y).Sum();
        tape.Backward(loss);
        _loss = new HostArray("loss", [1], [loss.Item()]);
    }

    public IReadOnlyList<HostArray> Outputs() => [_loss!, _x.Gradient!.ToHost("x.grad"), _b.Gradient!.ToHost("b.grad")];

    public void Dispose() { }
}
