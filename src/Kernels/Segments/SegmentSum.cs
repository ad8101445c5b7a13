namespace GpuNets.Kernels;

/// <summary>Launches sums of the rows of segments, with or without weights, and what belongs to their gradients.</summary>
internal static class SegmentSum
{
    /// <summary>Rows of fewer floats are shared by no team outside the host.</summary>
    private const int ShortRow = 16;

    /// <summary>
    /// y[s, :] (+)= sum (or mean) over the entries k of segment s of w[Edges[k]] x[Rows[k], :]. Segments without entries give 0.
    /// </summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="lists">The entries of the segments.</param>
    /// <param name="weight">The weights w, or none.</param>
    /// <param name="y">[segments, columns].</param>
    /// <param name="columns">Columns of x and y.</param>
    /// <param name="mean">Divide by the number of entries.</param>
    /// <param name="accumulate">Add to what y holds.</param>
    public static void Run(DeviceBuffer x, SegmentLists lists, EdgeWeight weight, DeviceBuffer y, int columns, bool mean, bool accumulate)
    {
        if (lists.Count == 0 || columns == 0) return;
        int width = columns / weight.Groups;
        var arguments = new SegmentSumArguments
        {
            X = x.Floats,
            W = (weight.Values ?? x).Floats,
            Y = y.Floats,
            Starts = lists.Starts.Ints,
            Rows = lists.Rows.Ints,
            Entries = lists.Entries,
            Edges = lists.Edges.Ints,
            Targets = lists.Starts.Ints,
            Segments = new StridedAxis(lists.Count, 0, 0),
            XOuter = width,
            YOuter = width,
            WOuter = 1,
            Stride = columns,
            WStride = weight.PerColumn ? columns : weight.Groups,
            Width = width,
            Mean = mean ? 1 : 0,
        };
        int rows = lists.Count * weight.Groups;
        float entries = (float)lists.Entries / lists.Count;
        if (weight.Values is null) Launch<NoWeight>(y.Device, arguments, rows, entries, accumulate);
        else if (weight.PerColumn) Launch<ColumnWeight>(y.Device, arguments, rows, entries, accumulate);
        else Launch<SharedWeight>(y.Device, arguments, rows, entries, accumulate);
    }

    /// <summary>The same without weights for any arguments; <paramref name="entries"/> is their number per segment.</summary>
    public static void Launch(Device device, in SegmentSumArguments arguments, int rows, float entries, bool accumulate) =>
        Launch<NoWeight>(device, arguments, rows, entries, accumulate);

    private static void Launch<TWeight>(Device device, in SegmentSumArguments arguments, int rows, float entries, bool accumulate)
        where TWeight : struct, IEdgeWeight
    {
        if (accumulate) Launch<Accumulate, TWeight>(device, arguments, rows, entries);
        else Launch<Write, TWeight>(device, arguments, rows, entries);
    }

    private static void Launch<TStore, TWeight>(Device device, in SegmentSumArguments arguments, int rows, float entries)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        float cost = 10f + (5f + 0.2f * arguments.Width) * entries;
        if (device.Form == ExecutionForm.Host)
        {
            device.Launches++;
            HostSegmentSum.Run<TStore, TWeight>(device.Workers, arguments, rows, cost);
        }
        else if (arguments.Width >= ShortRow)
        {
            device.ForRows(new SegmentSumRows<TStore, TWeight> { Arguments = arguments }, rows, arguments.Width, cost);
        }
        else
        {
            device.ForEach(
                new SegmentSumElements<TStore, TWeight> { Arguments = arguments, Columns = new StridedAxis(arguments.Width, 0, 0) },
                rows * arguments.Width);
        }
    }
}
