using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[.., k.., ..] = x[.., index[k..], ..]: rows of an axis picked by index; dx[.., v, ..] is the sum of dy over the positions of v.</summary>
internal sealed class IndexSelectOp(Tensor x, Tensor y, IndexTensor index, int axis, int padding) : SingleOp(y)
{
    /// <param name="operation">Name for messages.</param>
    /// <param name="x">The tensor to pick from.</param>
    /// <param name="axis">The axis that the indices name.</param>
    /// <param name="index">The indices; their axes take the place of the axis.</param>
    /// <param name="padding">An index whose positions give no gradient; -1 for none.</param>
    public static Tensor Apply(string operation, Tensor x, int axis, IndexTensor index, int padding = -1)
    {
        axis = x.Shape.Axis(axis, operation);
        CheckDevice(operation, x.Device, index.Device);
        Check(operation, x.Shape, axis, index);
        var shape = new Shape([.. x.Shape.Dimensions[..axis], .. index.Shape.Dimensions, .. x.Shape.Dimensions[(axis + 1)..]]);
        var y = Tensor.Empty(x.Device, shape, operation);
        var (outer, inner) = Around(x.Shape, axis);
        Kernels.Gather.Select(x.Buffer, index.Buffer, y.Buffer, outer, x.Shape[axis], index.Count, inner);
        Recorder(x)?.Add(new IndexSelectOp(x, y, index, axis, padding));
        return y;
    }

    /// <summary>Throws unless all indices exist; they are known since the upload, so that no kernel runs with a bad one.</summary>
    public static void Check(string operation, Shape shape, int axis, IndexTensor index)
    {
        int bad = index.Minimum < 0 ? index.Minimum : index.Maximum;
        if (index.Count > 0 && (bad < 0 || bad >= shape[axis]))
            throw new ShapeException(operation, $"index {bad} does not exist in axis {axis} of {shape}, which has {shape[axis]} elements.");
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is not { } dx) return;
        var (outer, inner) = Around(x.Shape, axis);
        if (x.Device.Captures)
        {
            Kernels.Gather.SortedSegmentSum(dy, index.Buffer, dx, accumulate, outer, x.Shape[axis], inner, padding);
            return;
        }
        if (!accumulate) x.Device.Clear(dx);
        Kernels.Gather.SegmentSum(dy, index.Segments(padding), dx, accumulate, outer, x.Shape[axis], index.Count, inner);
    }

    private static (int Outer, int Inner) Around(Shape shape, int axis) => (shape.Product(0, axis), shape.Product(axis + 1, shape.Rank));
}
