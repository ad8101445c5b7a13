using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[s] = maximum of x[row] over the rows of segment s, column by column; dx goes to the row that gave it, kept as a mark.</summary>
internal sealed class SegmentMaxOp(Tensor x, Segments segments, DeviceBuffer marks, int columns, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Segments segments)
    {
        CheckDevice("SegmentMax", x.Device, segments.Device);
        int columns = SegmentShape.Columns("SegmentMax", x, segments.Rows, "row of the segments");
        var y = Tensor.Empty(x.Device, SegmentShape.Rows(x.Shape, segments.Count), "SegmentMax");
        var marks = x.Device.AllocateTemporary(y.Count, "rows of SegmentMax");
        SegmentRows.Max(x.Buffer, segments.Lists, y.Buffer, marks, columns);
        Recorder(x)?.Add(new SegmentMaxOp(x, segments, marks, columns, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx)
            SegmentRows.MaxBackward(dy, segments.Ids.Buffer, marks, dx, columns, accumulate);
    }
}
