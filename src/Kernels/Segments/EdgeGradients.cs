namespace GpuNets.Kernels;

/// <summary>Launches the gradients of segment sums that go to rows and to weights.</summary>
internal static class EdgeGradients
{
    /// <summary>y[e, :] (+)= w[e] x[ids[e], :], divided by the length of the segment for the mean.</summary>
    public static void Spread(
        DeviceBuffer x, DeviceBuffer ids, SegmentLists segments, EdgeWeight weight, DeviceBuffer y, int columns, bool mean, bool accumulate)
    {
        if (y.Length == 0) return;
        if (weight.Values is null) Spread<NoWeight>(x, ids, segments, weight, y, columns, mean, accumulate);
        else if (weight.PerColumn) Spread<ColumnWeight>(x, ids, segments, weight, y, columns, mean, accumulate);
        else Spread<SharedWeight>(x, ids, segments, weight, y, columns, mean, accumulate);
    }

    /// <summary>The gradient of the weights of y[target] = sum of w[e] x[source], given that of y.</summary>
    /// <param name="x">[rows, columns].</param>
    /// <param name="dy">[segments, columns].</param>
    /// <param name="sources">The row of x that each edge takes; null if edge e takes row e.</param>
    /// <param name="targets">The segment of each edge.</param>
    /// <param name="weight">Shape of the weights.</param>
    /// <param name="dw">Their gradient.</param>
    /// <param name="columns">Columns of x and dy.</param>
    /// <param name="accumulate">Add to what dw holds.</param>
    public static void Weights(
        DeviceBuffer x, DeviceBuffer dy, DeviceBuffer? sources, DeviceBuffer targets, EdgeWeight weight, DeviceBuffer dw, int columns,
        bool accumulate)
    {
        if (dw.Length == 0) return;
        var device = dw.Device;
        int edges = targets.Length, width = columns / weight.Groups;
        if (weight.PerColumn)
            device.ForRows(
                new EdgeProduct
                {
                    X = x.Floats,
                    DY = dy.Floats,
                    DW = dw.Floats,
                    Sources = (sources ?? targets).Ints,
                    Targets = targets.Ints,
                    Columns = columns,
                    Listed = sources is null ? 0 : 1,
                    Accumulate = accumulate ? 1 : 0,
                },
                edges, columns, 10f + 0.5f * columns);
        else
            device.ForRows(
                new EdgeDot
                {
                    X = x.Floats,
                    DY = dy.Floats,
                    DW = dw.Floats,
                    Sources = (sources ?? targets).Ints,
                    Targets = targets.Ints,
                    Groups = new StridedAxis(weight.Groups, 0, 0),
                    Columns = columns,
                    Width = width,
                    Listed = sources is null ? 0 : 1,
                    Accumulate = accumulate ? 1 : 0,
                },
                edges * weight.Groups, width, 20f + 0.4f * width);
    }

    private static void Spread<TWeight>(
        DeviceBuffer x, DeviceBuffer ids, SegmentLists segments, EdgeWeight weight, DeviceBuffer y, int columns, bool mean, bool accumulate)
        where TWeight : struct, IEdgeWeight
    {
        if (accumulate) Spread<Accumulate, TWeight>(x, ids, segments, weight, y, columns, mean);
        else Spread<Write, TWeight>(x, ids, segments, weight, y, columns, mean);
    }

    private static void Spread<TStore, TWeight>(
        DeviceBuffer x, DeviceBuffer ids, SegmentLists segments, EdgeWeight weight, DeviceBuffer y, int columns, bool mean)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        int width = columns / weight.Groups;
        if (y.Device.Form == ExecutionForm.Host)
        {
            HostSpread<TStore, TWeight>(x, ids, segments, weight, y, columns, mean);
            return;
        }
        y.Device.ForRows(
            new EdgeSpread<TStore, TWeight>
            {
                X = x.Floats,
                W = (weight.Values ?? x).Floats,
                Y = y.Floats,
                Ids = ids.Ints,
                Starts = segments.Starts.Ints,
                Groups = new StridedAxis(weight.Groups, 0, 0),
                Columns = columns,
                Width = width,
                WStride = weight.PerColumn ? columns : weight.Groups,
                Mean = mean ? 1 : 0,
            },
            ids.Length * weight.Groups, width, 10f + 0.4f * width);
    }

    private static unsafe void HostSpread<TStore, TWeight>(
        DeviceBuffer x, DeviceBuffer ids, SegmentLists segments, EdgeWeight weight, DeviceBuffer y, int columns, bool mean)
        where TStore : struct, IStore where TWeight : struct, IEdgeWeight
    {
        y.Device.Launches++;
        int width = columns / weight.Groups;
        for (int group = 0; group < weight.Groups; group++)
            Kernels.HostSpread.Run<TStore, TWeight>(y.Device.Workers, new SpreadArguments
            {
                X = x.Floats.Ptr() + group * width,
                W = (weight.Values ?? x).Floats.Ptr() + group,
                Y = y.Floats.Ptr() + group * width,
                Index = ids.Ints.Ptr(),
                Starts = segments.Starts.Ints.Ptr(),
                Rows = ids.Length,
                Stride = columns,
                WStride = weight.PerColumn ? columns : weight.Groups,
                Width = width,
                Mean = mean,
            });
    }
}
