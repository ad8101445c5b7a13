using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = x - ln sum e^x along an axis; dx = dy - e^y sum dy.</summary>
internal sealed class LogSoftmaxOp(Broadcast plan, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, int axis)
    {
        var plan = new ReduceShape("LogSoftmax", x.Shape, [axis], keepDims: true).Plan;
        var y = Tensor.Empty(x.Device, x.Shape, "LogSoftmax");
        Softmax.LogForward(plan, x.Buffer, y.Buffer);
        Recorder(x)?.Add(new LogSoftmaxOp(plan, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Softmax.LogBackward(plan, Output.Buffer, dy, dx);
        tape.Put(x, dx);
    }
}
