using GpuNets.Kernels;

namespace GpuNets;

/// <summary>y[row] = x[segment of row]; dx[s] is the sum of dy over the rows of segment s.</summary>
internal sealed class SpreadOp(Tensor x, Segments segments, int columns, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor x, Segments segments)
    {
        CheckDevice("Spread", x.Device, segments.Device);
        int columns = SegmentShape.Columns("Spread", x, segments.Count, "segment");
        var y = Tensor.Empty(x.Device, SegmentShape.Rows(x.Shape, segments.Rows), "Spread");
        Kernels.Gather.Select(x.Buffer, segments.Ids.Buffer, y.Buffer, 1, segments.Count, segments.Rows, columns);
        Recorder(x)?.Add(new SpreadOp(x, segments, columns, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        if (tape.Target(x, out bool accumulate) is { } dx)
            SegmentSum.Run(dy, segments.Lists, EdgeWeight.None, dx, columns, mean: false, accumulate);
    }
}
