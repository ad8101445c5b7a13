using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// 16 rows by 32 columns of the left operand of a product on tensor cores, in bfloat16. The right operand lies in shared memory, rows of a head
/// at a pitch of one chunk of 16 bytes more than their features take: an odd number of chunks, so that eight rows lie in different banks
/// whichever way they are read.
/// </summary>
internal struct TensorRows
{
    private UInt4 _a, _b;

    /// <summary>Chunks from one row of shared memory to the next.</summary>
    public static int Pitch<THead>() where THead : struct, ITensorHead => 4 * THead.Parts + 1;

    /// <summary>Where a lane begins to read rows of which each is a line of the right operand: products of features.</summary>
    public static int PlaceLines<THead>() where THead : struct, ITensorHead
    {
        int lane = Lane;
        return ((lane >> 4) * 8 + (lane & 7)) * Pitch<THead>() + (lane >> 3 & 1);
    }

    /// <summary>Where it begins to read rows that are summed with weights.</summary>
    public static int PlaceSums<THead>() where THead : struct, ITensorHead => (Lane & 15) * Pitch<THead>() + (Lane >> 4);

    /// <summary>The lane of the warp.</summary>
    public static int Lane => Group.IdxX & (WarpThreads.Width - 1);

    /// <summary>Rows from memory.</summary>
    /// <param name="words">Pairs of numbers.</param>
    /// <param name="at">The lane's first pair.</param>
    /// <param name="eight">Pairs from a row to the eighth behind it.</param>
    public static TensorRows Load(ArrayView<uint> words, int at, int eight) => new()
    {
        _a = new UInt4 { X = words[at], Y = words[at + eight], Z = words[at + 4], W = words[at + eight + 4] },
        _b = new UInt4 { X = words[at + 8], Y = words[at + eight + 8], Z = words[at + 12], W = words[at + eight + 12] },
    };

    /// <summary>Sums of one product, rounded, as the left operand of the next: a lane keeps what it has.</summary>
    public static TensorRows Round(TensorStrip x) => new()
    {
        _a = new UInt4
        {
            X = Rounding.BFloat16Pair(x.A.X, x.A.Y),
            Y = Rounding.BFloat16Pair(x.A.Z, x.A.W),
            Z = Rounding.BFloat16Pair(x.B.X, x.B.Y),
            W = Rounding.BFloat16Pair(x.B.Z, x.B.W),
        },
        _b = new UInt4
        {
            X = Rounding.BFloat16Pair(x.C.X, x.C.Y),
            Y = Rounding.BFloat16Pair(x.C.Z, x.C.W),
            Z = Rounding.BFloat16Pair(x.D.X, x.D.Y),
            W = Rounding.BFloat16Pair(x.D.Z, x.D.W),
        },
    };

    /// <summary>Adds the products with one part of the features of 32 lines.</summary>
    public static TensorStrip AddLines<THead>(TensorStrip sums, TensorRows rows, ArrayView<UInt4> shared, int place, int part) where THead : struct, ITensorHead
    {
        int chunk = 4 * part, half = 16 * Pitch<THead>() + chunk;
        sums = TensorStrip.Add<BFloat16Format>(
            sums, rows._a, TensorCores.LoadMatrices(ref shared[place], chunk), TensorCores.LoadMatrices(ref shared[place], half));
        return TensorStrip.Add<BFloat16Format>(
            sums, rows._b, TensorCores.LoadMatrices(ref shared[place], chunk + 2), TensorCores.LoadMatrices(ref shared[place], half + 2));
    }

    /// <summary>Adds one part of the features of 32 rows with these as weights.</summary>
    public static TensorStrip AddSums<THead>(TensorStrip sums, TensorRows weights, ArrayView<UInt4> shared, int place, int part) where THead : struct, ITensorHead
    {
        int chunk = 4 * part, half = 16 * Pitch<THead>() + chunk;
        sums = TensorStrip.Add<BFloat16Format>(
            sums, weights._a, TensorCores.LoadMatricesTransposed(ref shared[place], chunk), TensorCores.LoadMatricesTransposed(ref shared[place], chunk + 2));
        return TensorStrip.Add<BFloat16Format>(
            sums, weights._b, TensorCores.LoadMatricesTransposed(ref shared[place], half), TensorCores.LoadMatricesTransposed(ref shared[place], half + 2));
    }
}
