using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[row] = e^x[row] / sum of e^x over the rows of its segment, column by column; dx = y (dy - sum over the segment of y dy).</summary>
internal sealed class SegmentSoftmaxOp(Tensor x, Segments segments, int columns, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Segments segments)
    {
        CheckDevice("SegmentSoftmax", x.Device, segments.Device);
        int columns = SegmentShape.Columns("SegmentSoftmax", x, segments.Rows, "row of the segments");
        var y = Tensor.Empty(x.Device, x.Shape, "SegmentSoftmax");
        SegmentRows.Softmax(x.Buffer, segments.Lists, y.Buffer, columns);
        Recorder(x)?.Add(new SegmentSoftmaxOp(x, segments, columns, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx)
            SegmentRows.SoftmaxBackward(Output.Buffer, dy, segments.Lists, dx, columns, accumulate);
    }
}
