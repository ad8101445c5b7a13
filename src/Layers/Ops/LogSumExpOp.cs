using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = ln sum e^x over some axes; dx = dy e^(x - shift) / sum e^(x - shift).</summary>
internal sealed class LogSumExpOp(Broadcast plan, Tensor x, DeviceBuffer shift, DeviceBuffer sum, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, ReadOnlySpan<int> axes, bool keepDims)
    {
        var shape = new ReduceShape("LogSumExp", x.Shape, axes, keepDims);
        var y = Tensor.Empty(x.Device, shape.Result, "LogSumExp");
        var shift = x.Device.AllocateTemporary(y.Count, "LogSumExp shift");
        var sum = x.Device.AllocateTemporary(y.Count, "LogSumExp sum");
        if (shape.Length == 0) Fill.Launch(y.Buffer, float.NegativeInfinity);
        else Reduction.LogSumExp(shape.Plan, x.Buffer, y.Buffer, shift, sum);
        Recorder(x)?.Add(new LogSumExpOp(shape.Plan, x, shift, sum, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Reduction.LogSumExpGradient(plan, x.Buffer, shift, sum, dy, dx);
        tape.Put(x, dx);
    }
}
