namespace GpuNets.Kernels;

/// <summary>Rows sorted by the segment they belong to, rows of one segment in ascending order (counting sort on the host).</summary>
internal static class SegmentOrder
{
    /// <summary>Starts (one more than segments) and the order: segment s holds the rows order[starts[s]] .. order[starts[s + 1] - 1].</summary>
    /// <param name="ids">The segment of every row, each below <paramref name="count"/>.</param>
    /// <param name="count">Number of segments.</param>
    public static (int[] Starts, int[] Order) Of(ReadOnlySpan<int> ids, int count)
    {
        int[] starts = new int[count + 1], order = new int[ids.Length];
        foreach (int id in ids) starts[id + 1]++;
        for (int s = 1; s <= count; s++) starts[s] += starts[s - 1];
        int[] next = starts[..count];
        for (int row = 0; row < ids.Length; row++) order[next[ids[row]]++] = row;
        return (starts, order);
    }
}
