using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = f(x), elementwise; dx = dy f'(x).</summary>
internal sealed class UnaryOp<TOp>(Tensor x, Tensor y) : SingleOp(y) where TOp : struct, IUnaryOp
{
    public override string Name => typeof(TOp).Name;

    public static Tensor Apply(Tensor x)
    {
        var y = Tensor.Empty(x.Device, x.Shape, typeof(TOp).Name);
        Elementwise.Forward<TOp>(x.Buffer, y.Buffer);
        Recorder(x)?.Add(new UnaryOp<TOp>(x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Elementwise.Backward<TOp>(x.Buffer, Output.Buffer, dy, dx);
        tape.Put(x, dx);
    }
}
