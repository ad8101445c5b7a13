namespace GpuNets.Kernels;

/// <summary>Launches maximum and softmax over the rows of segments.</summary>
internal static class SegmentRows
{
    /// <summary>y[s, :] = maximum over the rows of segment s; marks keep where it lies.</summary>
    public static void Max(DeviceBuffer x, SegmentLists segments, DeviceBuffer y, DeviceBuffer marks, int columns)
    {
        if (y.Length == 0) return;
        y.Device.ForRows(
            new SegmentMaxForward
            {
                X = x.Floats,
                Y = y.Floats,
                Marks = marks.Floats,
                Starts = segments.Starts.Ints,
                Rows = segments.Rows.Ints,
                Columns = columns,
            },
            segments.Count, columns, Cost(segments, columns));
    }

    /// <summary>dx[row, :] (+)= dy[ids[row], :] where the row is the maximum.</summary>
    public static void MaxBackward(DeviceBuffer dy, DeviceBuffer ids, DeviceBuffer marks, DeviceBuffer dx, int columns, bool accumulate)
    {
        if (dx.Length == 0) return;
        if (accumulate) MaxBackward<Accumulate>(dy, ids, marks, dx, columns);
        else MaxBackward<Write>(dy, ids, marks, dx, columns);
    }

    /// <summary>y = softmax of x over the rows of each segment.</summary>
    public static void Softmax(DeviceBuffer x, SegmentLists segments, DeviceBuffer y, int columns)
    {
        if (y.Length == 0) return;
        y.Device.ForRows(
            new SegmentSoftmaxForward { X = x.Floats, Y = y.Floats, Starts = segments.Starts.Ints, Rows = segments.Rows.Ints, Columns = columns },
            segments.Count, Team(segments, columns), 4 * Cost(segments, columns));
    }

    /// <summary>dx (+)= y (dy - sum over the segment of y dy).</summary>
    public static void SoftmaxBackward(DeviceBuffer y, DeviceBuffer dy, SegmentLists segments, DeviceBuffer dx, int columns, bool accumulate)
    {
        if (y.Length == 0) return;
        y.Device.ForRows(
            new SegmentSoftmaxBackward
            {
                Y = y.Floats,
                DY = dy.Floats,
                DX = dx.Floats,
                Starts = segments.Starts.Ints,
                Rows = segments.Rows.Ints,
                Columns = columns,
                Accumulate = accumulate ? 1 : 0,
            },
            segments.Count, Team(segments, columns), 2 * Cost(segments, columns));
    }

    private static void MaxBackward<TStore>(DeviceBuffer dy, DeviceBuffer ids, DeviceBuffer marks, DeviceBuffer dx, int columns)
        where TStore : struct, IStore =>
        dx.Device.ForRows(
            new SegmentMaxBackward<TStore> { DX = dx.Floats, DY = dy.Floats, Marks = marks.Floats, Ids = ids.Ints, Columns = columns },
            ids.Length, columns, 10f + 0.4f * columns);

    // What a team shares: the rows of a segment if there is one column, else the columns.
    private static int Team(SegmentLists segments, int columns) => columns > 1 ? columns : segments.Entries / segments.Count;

    private static float Cost(SegmentLists segments, int columns) => 10f + (3f + 0.3f * columns) * segments.Entries / segments.Count;
}
