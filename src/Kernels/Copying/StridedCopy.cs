namespace GpuNets.Kernels;

/// <summary>
/// Copies between two strided arrangements of the same elements: permute, slice, concatenate, pad, broadcast and their gradients are
/// all this one copy with other strides and offsets.
/// </summary>
internal static class StridedCopy
{
    /// <summary>Largest number of axes that are left once neighbours are merged.</summary>
    public const int MaxAxes = 6;

    /// <summary>PoCL: rows of at least so many elements are worth a work-item of their own.</summary>
    private const int LongRow = 16;

    /// <summary>A tile needs both axes of some length, or most of it is empty.</summary>
    private const int ShortestTiledAxis = 8;

    /// <summary>
    /// y[yOffset + sum_k i_k yStrides[k]] = (or +=) x[xOffset + sum_k i_k xStrides[k]] for all i_k below sizes[k]. The operation is named
    /// in the message if there are too many axes.
    /// </summary>
    /// <exception cref="ShapeException">More than <see cref="MaxAxes"/> axes are left after merging.</exception>
    public static void Launch<TStore>(
        string operation, DeviceBuffer x, int xOffset, DeviceBuffer y, int yOffset,
        ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, ReadOnlySpan<int> yStrides) where TStore : struct, IStore
    {
        int count = 1;
        foreach (int size in sizes) count *= size;
        if (count == 0) return;
        Span<StridedAxis> merged = stackalloc StridedAxis[sizes.Length + 1];
        var axes = Merge(operation, sizes, xStrides, yStrides, merged);
        var device = y.Device;
        var inner = axes[^1];
        if (count == inner.Size && inner is { XStride: 1, YStride: 1 })
        {
            device.ForEach(new ContiguousCopy<TStore> { X = x.Floats, Y = y.Floats, XOffset = xOffset, YOffset = yOffset }, count);
            return;
        }
        if (Transposed(axes) is >= 0 and var p)
        {
            Transpose<TStore>(device, x, xOffset, y, yOffset, axes, p);
            return;
        }
        var outer = Outer(axes[..^1]);
        bool rows = device.Form == ExecutionForm.Host || (device.Form == ExecutionForm.Serial && inner.Size >= LongRow && inner.Size < count);
        if (rows)
        {
            var kernel = new StridedRows<TStore>
            {
                X = x.Floats,
                Y = y.Floats,
                XOffset = xOffset,
                YOffset = yOffset,
                Outer = outer,
                Inner = inner.Size,
                XInner = inner.XStride,
                YInner = inner.YStride,
            };
            float each = inner is { YStride: 1, XStride: 0 or 1 } ? 0.15f : 0.8f;
            device.ForRows(kernel, count / inner.Size, inner.Size, 8f + each * inner.Size);
        }
        else
        {
            device.ForEach(new StridedElements<TStore> { X = x.Floats, Y = y.Floats, XOffset = xOffset, YOffset = yOffset, Outer = outer, Inner = inner }, count, 1f);
        }
    }

    /// <summary>The same with the store picked at run time.</summary>
    public static void Launch(
        bool accumulate, string operation, DeviceBuffer x, int xOffset, DeviceBuffer y, int yOffset,
        ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, ReadOnlySpan<int> yStrides)
    {
        if (accumulate) Launch<Accumulate>(operation, x, xOffset, y, yOffset, sizes, xStrides, yStrides);
        else Launch<Write>(operation, x, xOffset, y, yOffset, sizes, xStrides, yStrides);
    }

    /// <summary>The axes of a walk over all elements, for kernels with a rule of their own for what they read.</summary>
    public static (StridedAxes Outer, StridedAxis Inner) Walk(
        string operation, ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, ReadOnlySpan<int> yStrides)
    {
        Span<StridedAxis> merged = stackalloc StridedAxis[sizes.Length + 1];
        var axes = Merge(operation, sizes, xStrides, yStrides, merged);
        return (Outer(axes[..^1]), axes[^1]);
    }

    /// <summary>Drops axes of size 1 and joins neighbours that lie behind each other on both sides; at least one axis is left.</summary>
    private static ReadOnlySpan<StridedAxis> Merge(
        string operation, ReadOnlySpan<int> sizes, ReadOnlySpan<int> xStrides, ReadOnlySpan<int> yStrides, Span<StridedAxis> merged)
    {
        int count = 0;
        for (int k = 0; k < sizes.Length; k++)
        {
            if (sizes[k] == 1) continue;
            if (count > 0 && merged[count - 1] is var last && last.XStride == xStrides[k] * sizes[k] && last.YStride == yStrides[k] * sizes[k])
                merged[count - 1] = new StridedAxis(last.Size * sizes[k], xStrides[k], yStrides[k]);
            else
                merged[count++] = new StridedAxis(sizes[k], xStrides[k], yStrides[k]);
        }
        if (count == 0) merged[count++] = new StridedAxis(1, 1, 1);
        if (count > MaxAxes)
            throw new ShapeException(operation, $"{count} axes are left of [{string.Join(", ", sizes.ToArray())}] after merging, at most {MaxAxes} are supported.");
        return merged[..count];
    }

    /// <summary>The axis along which the source is contiguous if that is not the one of the target and a tiled copy pays; else -1.</summary>
    private static int Transposed(ReadOnlySpan<StridedAxis> axes)
    {
        if (axes.Length is < 2 or >= MaxAxes || axes[^1].YStride != 1 || axes[^1].XStride is 0 or 1 || axes[^1].Size < ShortestTiledAxis) return -1;
        for (int k = 0; k < axes.Length - 1; k++)
            if (axes[k].XStride == 1 && axes[k].Size >= ShortestTiledAxis) return k;
        return -1;
    }

    private static void Transpose<TStore>(
        Device device, DeviceBuffer x, int xOffset, DeviceBuffer y, int yOffset, ReadOnlySpan<StridedAxis> axes, int p) where TStore : struct, IStore
    {
        const int edge = TransposeTile.Edge;
        var (along, inner) = (axes[p], axes[^1]);
        Span<StridedAxis> tiles = stackalloc StridedAxis[axes.Length];
        int count = 0;
        for (int k = 0; k < axes.Length - 1; k++)
            if (k != p) tiles[count++] = axes[k];
        tiles[count++] = new StridedAxis((along.Size + edge - 1) / edge, edge, edge * along.YStride);
        tiles[count++] = new StridedAxis((inner.Size + edge - 1) / edge, edge * inner.XStride, edge);
        int total = 1;
        foreach (var axis in tiles) total *= axis.Size;
        var tile = new TransposeTile
        {
            Tiles = Outer(tiles),
            XOffset = xOffset,
            YOffset = yOffset,
            P = along.Size,
            Q = inner.Size,
            XStride = inner.XStride,
            YStride = along.YStride,
        };
        if (device.Form is ExecutionForm.Host or ExecutionForm.Serial)
            device.ForRows(new TransposeRows<TStore> { X = x.Floats, Y = y.Floats, Tile = tile }, total, edge * edge, edge * edge * 0.8f);
        else
            device.ForGroups(new TransposeGroups<TStore> { X = x.Floats, Y = y.Floats, Tile = tile }, total, 256);
    }

    private static StridedAxes Outer(ReadOnlySpan<StridedAxis> axes)
    {
        var one = new StridedAxis(1, 0, 0);
        int missing = MaxAxes - 1 - axes.Length;
        return new StridedAxes
        {
            A0 = missing > 0 ? one : axes[0],
            A1 = missing > 1 ? one : axes[1 - missing],
            A2 = missing > 2 ? one : axes[2 - missing],
            A3 = missing > 3 ? one : axes[3 - missing],
            A4 = missing > 4 ? one : axes[4 - missing],
        };
    }
}
