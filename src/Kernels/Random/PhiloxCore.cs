using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// Philox4x32-10 (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"): word i of the sequence (seed, stream) depends
/// on nothing but these numbers, so every device, thread count and launch order draws the same. Runs in kernels and on the host.
/// </summary>
internal static class PhiloxCore
{
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>Word <paramref name="index"/> mod 4 of the block with counter (index / 4, 0, stream, 0) and key (seed).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Word(uint seedLow, uint seedHigh, uint stream, uint index) =>
        Block(index >> 2, 0, stream, 0, seedLow, seedHigh, index & 3);

    /// <summary>The words of a block with counter (block, 0, stream, 0) and key (seed): four neighbours of the sequence at the price of one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt4 Words(uint block, uint seedLow, uint seedHigh, uint stream) => Words(block, 0, stream, 0, seedLow, seedHigh);

    /// <summary>The words of the block with a counter of four words and a key of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static UInt4 Words(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++) Round(ref c0, ref c1, ref c2, ref c3, ref k0, ref k1);
        return new UInt4 { X = c0, Y = c1, Z = c2, W = c3 };
    }

    /// <summary>Word <paramref name="lane"/> (0 to 3) of the block with a counter of four words and a key of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Block(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint lane)
    {
        for (int round = 0; round < 10; round++) Round(ref c0, ref c1, ref c2, ref c3, ref k0, ref k1);
        uint low = lane == 0 ? c0 : c1, high = lane == 2 ? c2 : c3;
        return lane < 2 ? low : high;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(ref uint c0, ref uint c1, ref uint c2, ref uint c3, ref uint k0, ref uint k1)
    {
        ulong p0 = (ulong)M0 * c0, p1 = (ulong)M1 * c2;
        uint n0 = (uint)(p1 >> 32) ^ c1 ^ k0, n2 = (uint)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint)p1;
        c3 = (uint)p0;
        c0 = n0;
        c2 = n2;
        k0 += W0;
        k1 += W1;
    }

    /// <summary>The upper 24 bits as a number in [0, 1): exact, so equal on every device.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Uniform(uint word) => (int)(word >> 8) * (1f / 16777216f);
}
