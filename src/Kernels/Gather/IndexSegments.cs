namespace GpuNets.Kernels;

/// <summary>Positions of an index list, sorted by index: which rows a gradient goes to, and what is added there in which order.</summary>
internal sealed class IndexSegments
{
    /// <summary>A range of indices up to so many times their number is sorted by counting, a wider one by comparison.</summary>
    private const int DenseFactor = 16;

    private IndexSegments(int[] packed, int targets)
    {
        Packed = packed;
        Targets = targets;
    }

    /// <summary>Targets in ascending order, starts (one more than targets), positions.</summary>
    public int[] Packed { get; }

    /// <summary>Number of different indices.</summary>
    public int Targets { get; }

    /// <summary>Sorts positions by index, equal indices by position.</summary>
    /// <param name="indices">The indices, 0 or more.</param>
    /// <param name="skip">An index whose positions are left out; -1 for none.</param>
    public static IndexSegments Of(ReadOnlySpan<int> indices, int skip = -1)
    {
        int maximum = -1, kept = 0;
        foreach (int index in indices)
        {
            maximum = Math.Max(maximum, index);
            if (index != skip) kept++;
        }
        int[] order = maximum < (long)DenseFactor * indices.Length + 1024 ? Count(indices, skip, maximum, kept) : Sort(indices, skip, kept);
        int targets = 0;
        for (int s = 0; s < kept; s++)
            if (s == 0 || indices[order[s]] != indices[order[s - 1]]) targets++;
        int[] packed = new int[2 * targets + 1 + kept];
        int u = 0;
        for (int s = 0; s < kept; s++)
        {
            if (s > 0 && indices[order[s]] == indices[order[s - 1]]) continue;
            packed[u] = indices[order[s]];
            packed[targets + u++] = s;
        }
        packed[2 * targets] = kept;
        order.CopyTo(packed.AsSpan(2 * targets + 1));
        return new IndexSegments(packed, targets);
    }

    private static int[] Count(ReadOnlySpan<int> indices, int skip, int maximum, int kept)
    {
        int[] next = new int[maximum + 2], order = new int[kept];
        foreach (int index in indices)
            if (index != skip) next[index + 1]++;
        for (int i = 1; i < next.Length; i++) next[i] += next[i - 1];
        for (int k = 0; k < indices.Length; k++)
            if (indices[k] != skip) order[next[indices[k]]++] = k;
        return order;
    }

    private static int[] Sort(ReadOnlySpan<int> indices, int skip, int kept)
    {
        long[] keys = new long[kept];
        int count = 0;
        for (int k = 0; k < indices.Length; k++)
            if (indices[k] != skip) keys[count++] = ((long)indices[k] << 32) | (uint)k;
        Array.Sort(keys);
        return Array.ConvertAll(keys, key => (int)key);
    }
}
