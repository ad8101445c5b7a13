using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y = x with its axes in another order: axis k of y is axis axes[k] of x; dx is dy with the axes put back.</summary>
internal sealed class PermuteOp(Tensor x, Tensor y, int[] axes) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, ReadOnlySpan<int> axes)
    {
        int rank = x.Shape.Rank;
        if (axes.Length != rank) throw new ShapeException("Permute", $"{axes.Length} axes given for {x.Shape}, which has {rank}.");
        int[] order = new int[rank], sizes = new int[rank], strides = new int[rank], own = Window.RowMajor(x.Shape);
        var seen = new bool[rank];
        for (int k = 0; k < rank; k++)
        {
            int axis = order[k] = x.Shape.Axis(axes[k], "Permute");
            if (seen[axis]) throw new ShapeException("Permute", $"axis {axis} appears twice in [{string.Join(", ", axes.ToArray())}].");
            seen[axis] = true;
            sizes[k] = x.Shape[axis];
            strides[k] = own[axis];
        }
        var shape = new Shape(sizes);
        var y = Tensor.Empty(x.Device, shape, "Permute");
        StridedCopy.Launch<Write>("Permute", x.Buffer, 0, y.Buffer, 0, sizes, strides, Window.RowMajor(shape));
        Recorder(x)?.Add(new PermuteOp(x, y, order));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        int[] strides = new int[axes.Length], own = Window.RowMajor(Output.Shape);
        for (int k = 0; k < axes.Length; k++) strides[axes[k]] = own[k];
        StridedCopy.Launch(accumulate, "Permute", dy, 0, dx, 0, x.Shape.Dimensions, strides, Window.RowMajor(x.Shape));
    }
}
