namespace GpuNets.Kernels;

/// <summary>
/// Blocks of attention on the host: the one place of these numbers. A tile of scores, <see cref="Queries"/> x <see cref="Keys"/>, stays in the
/// first or second cache between the two products that make and use it.
/// </summary>
internal static class HostAttentionPlan
{
    /// <summary>Queries and keys of a tile of scores; whole register tiles.</summary>
    public const int Queries = 48, Keys = 256;

    /// <summary>The same backward, where two such tiles and five operands compete for the caches.</summary>
    public const int BackwardQueries = 48, BackwardKeys = 128;

    /// <summary>From one row of a tile to the next: not a power of two, or walking down a column would use few sets of a cache.</summary>
    public const int Pitch = Keys + 16, BackwardPitch = BackwardKeys + 16;

    /// <summary>Up to this many queries, scores are dot products of rows in place; for more, keys are packed.</summary>
    public const int MostDotQueries = 8;

    /// <summary>
    /// Backward cuts the keys of a pair of sample and head into so many parts that there are about 16 in all; each has a gradient of the
    /// queries of its own, added up in order. A function of the sizes alone, so that threads do not change the result.
    /// </summary>
    public static int KeyParts(in AttentionSize size)
    {
        int blocks = (size.Keys + BackwardKeys - 1) / BackwardKeys;
        return Math.Clamp((16 + size.Pairs - 1) / Math.Max(size.Pairs, 1), 1, Math.Max(blocks, 1));
    }

    /// <summary>Parts of work for threads; items should be worth some 5 us each.</summary>
    public static int Parts(int items, double nanoseconds, int threads) =>
        threads == 1 || nanoseconds < HostLaunch.ParallelThreshold ? 1 : (int)Math.Clamp(nanoseconds / 5000, 1, Math.Min(items, 4 * threads));
}
