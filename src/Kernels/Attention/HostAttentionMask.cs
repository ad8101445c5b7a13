using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuNets.Kernels;

/// <summary>
/// Masks of dropout on the host: <see cref="AttentionRule.Mask"/> for a row, with eight or four Philox blocks (four keys each) at a time
/// where the processor multiplies 32-bit numbers to 64 bits.
/// </summary>
internal static unsafe class HostAttentionMask
{
    private const uint M0 = 0xD2511F53, M1 = 0xCD9E8D57, W0 = 0x9E3779B9, W1 = 0xBB67AE85;

    /// <summary>Writes the masks of keys k0 to k0 + n - 1, and of up to 31 more; k0 is a multiple of 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Row(in AttentionRule rule, int pair, int t, int k0, int n, float* mask)
    {
        if (Avx512F.IsSupported)
            for (int i = 0; i < n; i += 32) Eight(rule, (uint)pair, (uint)t, (uint)(k0 + i) / 4, mask + i);
        else if (Avx2.IsSupported)
            for (int i = 0; i < n; i += 16) Four(rule, (uint)pair, (uint)t, (uint)(k0 + i) / 4, mask + i);
        else
            for (int i = 0; i < n; i++) mask[i] = rule.Mask(pair, t, k0 + i);
    }

    // A word is the low half of a 64-bit lane. The upper halves are left as they are: a product ignores them.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(in AttentionRule rule, uint pair, uint t, uint block, float* mask)
    {
        var name = rule.Random.Name;
        var c0 = Vector512<ulong>.Indices + Vector512.Create((ulong)block);
        Vector512<ulong> c1 = Vector512.Create((ulong)t), c2 = Vector512.Create((ulong)name.Stream), c3 = Vector512.Create((ulong)pair);
        uint k0 = name.SeedLow, k1 = name.SeedHigh;
        for (int round = 0; round < 10; round++, k0 += W0, k1 += W1)
        {
            var p0 = Avx512F.Multiply(c0.AsUInt32(), Vector512.Create((ulong)M0).AsUInt32());
            var p1 = Avx512F.Multiply(c2.AsUInt32(), Vector512.Create((ulong)M1).AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector512.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector512.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
        }
        var low = Vector512.Create((ulong)uint.MaxValue);
        Vector512<ulong> first = (c0 & low) | (c1 << 32), second = (c2 & low) | (c3 << 32);
        Choose(rule, Avx512F.PermuteVar8x64x2(first, Vector512.Create(0UL, 8, 1, 9, 2, 10, 3, 11), second).AsUInt32(), mask);
        Choose(rule, Avx512F.PermuteVar8x64x2(first, Vector512.Create(4UL, 12, 5, 13, 6, 14, 7, 15), second).AsUInt32(), mask + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Choose(in AttentionRule rule, Vector512<uint> words, float* mask)
    {
        var uniform = Vector512.ConvertToSingle((words >> 8).AsInt32()) * Vector512.Create(1f / 16777216f);
        Vector512.ConditionalSelect(
            Vector512.LessThan(uniform, Vector512.Create(rule.Dropout)), Vector512<float>.Zero, Vector512.Create(rule.Kept)).Store(mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four(in AttentionRule rule, uint pair, uint t, uint block, float* mask)
    {
        var name = rule.Random.Name;
        var c0 = Vector256<ulong>.Indices + Vector256.Create((ulong)block);
        Vector256<ulong> c1 = Vector256.Create((ulong)t), c2 = Vector256.Create((ulong)name.Stream), c3 = Vector256.Create((ulong)pair);
        uint k0 = name.SeedLow, k1 = name.SeedHigh;
        for (int round = 0; round < 10; round++, k0 += W0, k1 += W1)
        {
            var p0 = Avx2.Multiply(c0.AsUInt32(), Vector256.Create((ulong)M0).AsUInt32());
            var p1 = Avx2.Multiply(c2.AsUInt32(), Vector256.Create((ulong)M1).AsUInt32());
            c0 = (p1 >> 32) ^ c1 ^ Vector256.Create((ulong)k0);
            c2 = (p0 >> 32) ^ c3 ^ Vector256.Create((ulong)k1);
            c1 = p1;
            c3 = p0;
        }
        var low = Vector256.Create((ulong)uint.MaxValue);
        Vector256<ulong> first = (c0 & low) | (c1 << 32), second = (c2 & low) | (c3 << 32);
        // Blocks 0 2 | 1 3 of the halves, put in order.
        Vector256<ulong> even = Avx2.UnpackLow(first, second), odd = Avx2.UnpackHigh(first, second);
        Choose(rule, Avx2.Permute2x128(even, odd, 0x20).AsUInt32(), mask);
        Choose(rule, Avx2.Permute2x128(even, odd, 0x31).AsUInt32(), mask + 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Choose(in AttentionRule rule, Vector256<uint> words, float* mask)
    {
        var uniform = Vector256.ConvertToSingle((words >> 8).AsInt32()) * Vector256.Create(1f / 16777216f);
        Vector256.ConditionalSelect(
            Vector256.LessThan(uniform, Vector256.Create(rule.Dropout)), Vector256<float>.Zero, Vector256.Create(rule.Kept)).Store(mask);
    }
}
