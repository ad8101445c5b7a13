using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = e^x / sum e^x along an axis; dx = y (dy - sum y dy).</summary>
internal sealed class SoftmaxOp(Broadcast plan, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, int axis)
    {
        var plan = new ReduceShape("Softmax", x.Shape, [axis], keepDims: true).Plan;
        var y = Tensor.Empty(x.Device, x.Shape, "Softmax");
        Softmax.Forward(plan, x.Buffer, y.Buffer);
        Recorder(x)?.Add(new SoftmaxOp(plan, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Softmax.Backward(plan, Output.Buffer, dy, dx);
        tape.Put(x, dx);
    }
}
