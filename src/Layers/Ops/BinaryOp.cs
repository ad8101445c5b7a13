using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = f(a, b) with broadcasting; each gradient is summed over the axes along which its operand was repeated.</summary>
internal sealed class BinaryOp<TOp>(Broadcast plan, Tensor a, Tensor b, Tensor y) : SingleOp(y) where TOp : struct, IBinaryOp
{
    public override string Name => typeof(TOp).Name;

    public static Tensor Apply(Tensor a, Tensor b)
    {
        CheckDevice(typeof(TOp).Name, a.Device, b.Device);
        var plan = new Broadcast(typeof(TOp).Name, a.Shape, b.Shape);
        var y = Tensor.Empty(a.Device, plan.Result, typeof(TOp).Name);
        Binary.Forward<TOp>(plan, a.Buffer, b.Buffer, y.Buffer);
        Recorder(a, b)?.Add(new BinaryOp<TOp>(plan, a, b, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        Gradient<OfA>(tape, a, TOp.ConstantSlopeA, dy);
        Gradient<OfB>(tape, b, TOp.ConstantSlopeB, dy);
    }

    private void Gradient<TOperand>(Tape tape, Tensor operand, int slope, DeviceBuffer dy) where TOperand : struct, IOperand
    {
        if (!operand.RequiresGradient) return;
        if (slope == 1 && !plan.Repeats(TOperand.IsA))
        {
            tape.PutShared(operand, Output);
            return;
        }
        var gradient = tape.Fresh(operand)!;
        Binary.Gradient<TOp, TOperand>(plan, a.Buffer, b.Buffer, dy, gradient);
        tape.Put(operand, gradient);
    }
}
