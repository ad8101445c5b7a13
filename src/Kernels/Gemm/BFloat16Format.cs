using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Half as many bits as a float, of them 7 of mantissa; transposed, where it must be, on the way from shared memory.</summary>
internal readonly struct BFloat16Format : ITensorFormat
{
    public static int Chunk => 8;

    public static UInt4 Round(Float4 first, Float4 second) => new()
    {
        X = Rounding.BFloat16Pair(first.X, first.Y),
        Y = Rounding.BFloat16Pair(first.Z, first.W),
        Z = Rounding.BFloat16Pair(second.X, second.Y),
        W = Rounding.BFloat16Pair(second.Z, second.W),
    };

    public static Float4 Multiply(Float4 sums, UInt4 a, UInt2 b) => TensorCores.MultiplyBFloat16(sums, a, b);

    public static WarpgroupSums MultiplyShared(WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b) => Warpgroup.MultiplyBFloat16(sums, ref shared, a, b);

    // Eight rows of 16 bytes are read at once: 8 values of k.
    public static int LineChunk(int k, int chunk) => k * 16 + (chunk ^ (k & 7));

    // Matrices: k 0.. and 8 lines, the next 8 lines, then both for k 8...
    public static int PlaceLeftAlongLines(int lane, int line) =>
        ((lane >> 4) * 8 + (lane & 7)) * 16 + ((line >> 3) + ((lane >> 3) & 1) ^ (lane & 7));

    // Matrices: 8 lines and k 0.., the same at k 8.., then both for the next 8 lines.
    public static int PlaceRightAlongLines(int lane, int line) => (lane & 15) * 16 + ((line >> 3) + (lane >> 4) ^ (lane & 7));

    public static UInt4 LeftAlongLines(ArrayView<UInt4> shared, int stage, int place, int tile, int step) =>
        TensorCores.LoadMatricesTransposed(ref shared[stage + (place ^ (2 * tile))], 256 * step);

    public static UInt4 RightAlongLines(ArrayView<UInt4> shared, int stage, int place, int pair, int step) =>
        TensorCores.LoadMatricesTransposed(ref shared[stage + (place ^ (2 * pair))], 256 * step);
}
