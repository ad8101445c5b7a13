namespace GpuNets.Kernels;

/// <summary>Launches selections by index and their gradients. Indices must have been checked: kernels read where they point.</summary>
internal static class Gather
{
    /// <summary>Rows of fewer floats are shared by no team outside the host.</summary>
    private const int ShortRow = 16;

    /// <summary>y[o, k, :] = x[o, index[k], :].</summary>
    public static void Select(DeviceBuffer x, DeviceBuffer index, DeviceBuffer y, int outer, int axisSize, int indices, int inner)
    {
        if (y.Length == 0) return;
        var device = y.Device;
        var axis = new StridedAxis(indices, 0, 0);
        if (device.Form == ExecutionForm.Host && outer == 1 && inner > 1)
            HostSelect(x, index, y, indices, inner);
        else if (device.Form == ExecutionForm.Host || inner >= ShortRow)
            device.ForRows(
                new SelectRows { X = x.Floats, Y = y.Floats, Index = index.Ints, Indices = axis, AxisSize = axisSize, Inner = inner },
                outer * indices, inner, 5f + 0.3f * inner);
        else
            device.ForEach(new SelectElements
            {
                X = x.Floats,
                Y = y.Floats,
                Index = index.Ints,
                Indices = axis,
                Inner = new StridedAxis(inner, 0, 0),
                AxisSize = axisSize,
            }, y.Length, 1f);
    }

    /// <summary>dx[o, index, :] = (or +=) sum of dy over the positions of that index; rows of dx that no position names stay as they are.</summary>
    public static void SegmentSum(
        DeviceBuffer dy, IndexSegments segments, DeviceBuffer dx, bool accumulate, int outer, int axisSize, int indices, int inner)
    {
        if (segments.Targets == 0 || outer == 0 || inner == 0) return;
        var device = dx.Device;
        // As large as it can get for this many indices, so that steps with other indices find the same block in the pool.
        var packed = device.AllocateTemporary(3 * indices + 1, "index segments");
        packed.Write(segments.Packed);
        int targets = segments.Targets, order = 2 * targets + 1, entries = segments.Packed.Length - order;
        var rows = packed.Ints.SubView(order, entries);
        var arguments = new SegmentSumArguments
        {
            X = dy.Floats,
            W = dy.Floats,
            Y = dx.Floats,
            Starts = packed.Ints.SubView(targets, targets + 1),
            Rows = rows,
            Edges = rows,
            Entries = entries,
            Targets = packed.Ints,
            Segments = new StridedAxis(targets, 0, 0),
            XOuter = indices * inner,
            YOuter = axisSize * inner,
            Stride = inner,
            Width = inner,
            Listed = 1,
        };
        Kernels.SegmentSum.Launch(device, arguments, outer * targets, (float)entries / targets, accumulate);
    }

    /// <summary>
    /// The same for a step that is recorded: later runs have other indices, so that their order is made on the device. All rows of dx are
    /// written (or added to), except that of <paramref name="padding"/>, which becomes 0 (or stays). The bits are the same.
    /// </summary>
    public static void SortedSegmentSum(
        DeviceBuffer dy, DeviceBuffer index, DeviceBuffer dx, bool accumulate, int outer, int axisSize, int inner, int padding)
    {
        if (dx.Length == 0) return;
        var device = dx.Device;
        DeviceBuffer starts = device.Allocate(axisSize + 1, "segment starts"), order = device.Allocate(index.Length, "segment order");
        SegmentSort.OnDevice(index, axisSize, starts, order);
        var lists = new SegmentLists(starts, order, order);
        for (int o = 0; o < outer; o++)
        {
            var target = dx.Slice(o * axisSize * inner, axisSize * inner);
            var padded = padding >= 0 && padding < axisSize ? target.Slice(padding * inner, inner) : null;
            var kept = padded is not null && accumulate ? device.Allocate(inner, "gradient of a padding") : null;
            if (kept is not null) device.Copy(padded!, kept);
            Kernels.SegmentSum.Run(dy.Slice(o * index.Length * inner, index.Length * inner), lists, EdgeWeight.None, target, inner, mean: false, accumulate);
            if (kept is not null) device.Copy(kept, padded!);
            else if (padded is not null) device.Clear(padded);
            kept?.Free();
        }
        starts.Free();
        order.Free();
    }

    /// <summary>y[i] = x[i with the coordinate on one axis replaced by index[i]].</summary>
    public static void AlongAxis(DeviceBuffer x, DeviceBuffer index, DeviceBuffer y, ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, int axis)
    {
        if (y.Length == 0) return;
        int axisStride = xStrides[axis];
        int[] strides = xStrides.ToArray(), own = new int[sizes.Length];
        strides[axis] = 0;
        int stride = 1;
        for (int k = sizes.Length - 1; k >= 0; k--)
        {
            own[k] = stride;
            stride *= sizes[k];
        }
        var (outer, inner) = StridedCopy.Walk("Gather", sizes, strides, own);
        y.Device.ForEach(new GatherElements
        {
            X = x.Floats,
            Y = y.Floats,
            Index = index.Ints,
            Outer = outer,
            Inner = inner,
            AxisStride = axisStride,
        }, y.Length, 5f);
    }

    private static unsafe void HostSelect(DeviceBuffer x, DeviceBuffer index, DeviceBuffer y, int indices, int inner)
    {
        y.Device.Launches++;
        HostSpread.Run<Write, NoWeight>(y.Device.Workers, new SpreadArguments
        {
            X = x.Floats.Ptr(),
            Y = y.Floats.Ptr(),
            Index = index.Ints.Ptr(),
            Rows = indices,
            Stride = inner,
            Width = inner,
        });
    }
}
