using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Floats with 10 bits of mantissa. 32-bit elements cannot be transposed on the way from shared memory: they are read one by one.</summary>
internal readonly struct Tf32Format : ITensorFormat
{
    public static int Chunk => 4;

    public static UInt4 Round(Float4 first, Float4 second) => new()
    {
        X = Rounding.Tf32(first.X),
        Y = Rounding.Tf32(first.Y),
        Z = Rounding.Tf32(first.Z),
        W = Rounding.Tf32(first.W),
    };

    public static Float4 Multiply(Float4 sums, UInt4 a, UInt2 b) => TensorCores.MultiplyTf32(sums, a, b);

    public static WarpgroupSums MultiplyShared(WarpgroupSums sums, ref UInt4 shared, ulong a, ulong b) => Warpgroup.MultiplyTf32(sums, ref shared, a, b);

    // Element (k, line) is word 128 k + (line ^ 8 (k % 4)): the lanes of a warp read 4 rows of 8 neighbours.
    public static int LineChunk(int k, int chunk) => k * 32 + (chunk ^ (2 * (k & 3)));

    public static int PlaceLeftAlongLines(int lane, int line) => 128 * (lane & 3) + line + lane / 4;

    public static int PlaceRightAlongLines(int lane, int line) => 128 * (lane & 3) + line + lane / 4;

    public static UInt4 LeftAlongLines(ArrayView<UInt4> shared, int stage, int place, int tile, int step)
    {
        var words = shared.Cast<uint>();
        int turn = place >> 4 & 24, at = 4 * stage + place + 1024 * step + 32 * (tile >> 1);
        int low = at + ((16 * (tile & 1)) ^ turn), high = at + ((16 * (tile & 1) + 8) ^ turn);
        return new UInt4 { X = words[low], Y = words[high], Z = words[low + 512], W = words[high + 512] };
    }

    public static UInt4 RightAlongLines(ArrayView<UInt4> shared, int stage, int place, int pair, int step)
    {
        var words = shared.Cast<uint>();
        int turn = place >> 4 & 24, at = 4 * stage + place + 1024 * step;
        int low = at + ((16 * pair) ^ turn), high = at + ((16 * pair + 8) ^ turn);
        return new UInt4 { X = words[low], Y = words[low + 512], Z = words[high], W = words[high + 512] };
    }
}
