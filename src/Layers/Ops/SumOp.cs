using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = factor * sum of x over some axes (a mean with factor 1 / n); dx = factor dy, repeated along them.</summary>
internal sealed class SumOp(Broadcast plan, float factor, Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(string name, Tensor x, ReadOnlySpan<int> axes, bool keepDims, bool mean)
    {
        var shape = new ReduceShape(name, x.Shape, axes, keepDims);
        float factor = mean ? 1f / shape.Length : 1f;
        var y = Tensor.Empty(x.Device, shape.Result, name);
        // Nothing to add up: a sum of 0, a mean of 0 / 0.
        if (shape.Length == 0) Fill.Launch(y.Buffer, mean ? float.NaN : 0f);
        else Reduction.Run<SumOf>(x.Buffer, y.Buffer, shape.Axes, factor);
        Recorder(x)?.Add(new SumOp(shape.Plan, factor, x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dx = tape.Fresh(x)!;
        Reduction.Gradient<SumSlope>(plan, dy, dy, dy, dx, factor);
        tape.Put(x, dx);
    }
}
