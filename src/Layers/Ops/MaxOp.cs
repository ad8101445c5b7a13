using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = maximum of x over some axes; dx = dy / (number of equal maxima) at each of them, 0 elsewhere.</summary>
internal sealed class MaxOp(Broadcast plan, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, ReadOnlySpan<int> axes, bool keepDims)
    {
        var shape = new ReduceShape("Max", x.Shape, axes, keepDims);
        if (shape.Length == 0 && shape.Result.Count > 0)
            throw new ShapeException("Max", $"there is no maximum of nothing: a reduced axis of {x.Shape} has size 0.");
        var y = Tensor.Empty(x.Device, shape.Result, "Max");
        Reduction.Run<MaxOf>(x.Buffer, y.Buffer, shape.Axes);
        Recorder(x)?.Add(new MaxOp(shape.Plan, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Reduction.MaxGradient(plan, x.Buffer, Output.Buffer, dy, dx);
        tape.Put(x, dx);
    }
}
