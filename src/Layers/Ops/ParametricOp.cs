using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = f(x), elementwise, f with parameters; dx = dy f'(x).</summary>
internal sealed class ParametricOp<TOp>(TOp op, Tensor x, Tensor y) : SingleOp(y) where TOp : struct, IParametricOp
{
    public override string Name => typeof(TOp).Name;

    public static Tensor Apply(TOp op, Tensor x)
    {
        var y = Tensor.Empty(x.Device, x.Shape, typeof(TOp).Name);
        Elementwise.Forward(op, x.Buffer, y.Buffer);
        Recorder(x)?.Add(new ParametricOp<TOp>(op, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Elementwise.Backward(op, x.Buffer, Output.Buffer, dy, dx);
        tape.Put(x, dx);
    }
}
