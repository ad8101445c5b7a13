using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Arguments of y[o, t(s), c] (+)= f sum over entries k of segment s of w[Edges[k], o or c] x[o, Rows[k], c], with f = 1, or one over the
/// number of entries for the mean. The outer index o is a leading axis (selections along an inner axis) or a group of columns that
/// shares a weight (heads).
/// </summary>
internal struct SegmentSumArguments
{
    public ArrayView<float> X, W, Y;
    public ArrayView<int> Starts, Rows, Edges, Targets;

    /// <summary>The segments; a row of the launch is outer * segments + segment.</summary>
    public StridedAxis Segments;

    /// <summary>Elements from one outer index to the next.</summary>
    public int XOuter, YOuter, WOuter;

    /// <summary>Elements from one row of x and of y to the next, from one edge to the next in w, and columns that are summed.</summary>
    public int Stride, WStride, Width;

    /// <summary>Entries of all segments.</summary>
    public int Entries;

    /// <summary>1: segment s belongs to row Targets[s] of y; 0: to row s.</summary>
    public int Listed;

    /// <summary>1: divided by the number of entries.</summary>
    public int Mean;

    /// <summary>Pointers to what one row of the launch needs.</summary>
    public readonly unsafe SegmentSumRow At(int row)
    {
        int outer = Segments.Divide(row), segment = row - outer * Segments.Size;
        int start = Starts.Ptr()[segment], end = Starts.Ptr()[segment + 1];
        int target = Listed != 0 ? Targets.Ptr()[segment] : segment;
        return new SegmentSumRow
        {
            X = X.Ptr() + outer * XOuter,
            W = W.Ptr() + outer * WOuter,
            Y = Y.Ptr() + (outer * YOuter + target * Stride),
            Rows = Rows.Ptr() + start,
            Edges = Edges.Ptr() + start,
            Count = end - start,
            Rest = Entries - start,
            Stride = Stride,
            WStride = WStride,
            Factor = Mean != 0 && end > start ? 1f / (end - start) : 1f,
        };
    }
}

/// <summary>One segment at one outer index.</summary>
internal unsafe struct SegmentSumRow
{
    public float* X, W, Y;
    public int* Rows, Edges;
    public int Count, Stride, WStride;

    /// <summary>Entries from the first one of this segment to the last of all.</summary>
    public int Rest;
    public float Factor;
}
