using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = x repeated along axes of size 1 and along new leading axes; dx is the sum of dy over the repetitions.</summary>
internal sealed class BroadcastToOp(Tensor x, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Shape shape)
    {
        if (shape == x.Shape) return x;
        int added = shape.Rank - x.Shape.Rank;
        int[] own = Window.RowMajor(x.Shape), strides = new int[shape.Rank];
        bool fits = added >= 0;
        for (int axis = 0; fits && axis < x.Shape.Rank; axis++)
        {
            fits = x.Shape[axis] == 1 || x.Shape[axis] == shape[axis + added];
            if (x.Shape[axis] != 1) strides[axis + added] = own[axis];
        }
        if (!fits) throw new ShapeException("BroadcastTo", $"{x.Shape} does not broadcast to {shape}: each axis, from the last on, must be equal or 1.");
        var y = Tensor.Empty(x.Device, shape, "BroadcastTo");
        StridedCopy.Launch<Write>("BroadcastTo", x.Buffer, 0, y.Buffer, 0, shape.Dimensions, strides, Window.RowMajor(shape));
        Recorder(x)?.Add(new BroadcastToOp(x, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var shape = Output.Shape;
        int added = shape.Rank - x.Shape.Rank;
        var repeated = new bool[shape.Rank];
        for (int axis = 0; axis < shape.Rank; axis++) repeated[axis] = axis < added || x.Shape[axis - added] != shape[axis];
        var dx = tape.Fresh(x)!;
        Reduction.Run<SumOf>(dy, dx, ReduceAxes.Of(shape, repeated));
        tape.Put(x, dx);
    }
}
