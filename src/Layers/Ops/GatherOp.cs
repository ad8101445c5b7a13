using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[i] = x[i with the coordinate on one axis replaced by index[i]]; dx sums dy over the elements that read the same place.</summary>
internal sealed class GatherOp(Tensor x, Tensor y, IndexTensor index, int axis) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, int axis, IndexTensor index)
    {
        axis = x.Shape.Axis(axis, "Gather");
        CheckDevice("Gather", x.Device, index.Device);
        bool fits = index.Shape.Rank == x.Shape.Rank;
        for (int k = 0; fits && k < x.Shape.Rank; k++) fits = k == axis || index.Shape[k] <= x.Shape[k];
        if (!fits)
            throw new ShapeException("Gather", $"index {index.Shape} must have as many axes as {x.Shape} and be no longer on any but axis {axis}.");
        IndexSelectOp.Check("Gather", x.Shape, axis, index);
        var y = Tensor.Empty(x.Device, index.Shape, "Gather");
        Kernels.Gather.AlongAxis(x.Buffer, index.Buffer, y.Buffer, index.Shape.Dimensions, Window.RowMajor(x.Shape), axis);
        Recorder(x)?.Add(new GatherOp(x, y, index, axis));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        if (!accumulate) x.Device.Clear(dx);
        Kernels.Gather.SegmentSum(dy, IndexSegments.Of(Places()), dx, accumulate, outer: 1, axisSize: x.Count, indices: index.Count, inner: 1);
    }

    /// <summary>The element of x that each element of y reads.</summary>
    private int[] Places()
    {
        int[] places = (int[])index.HostValues.Clone(), strides = Window.RowMajor(x.Shape), own = Window.RowMajor(index.Shape);
        for (int i = 0; i < places.Length; i++)
        {
            int place = places[i] * strides[axis], rest = i;
            for (int k = 0; k < strides.Length; k++)
            {
                if (k != axis) place += rest / own[k] * strides[k];
                rest %= own[k];
            }
            places[i] = place;
        }
        return places;
    }
}
