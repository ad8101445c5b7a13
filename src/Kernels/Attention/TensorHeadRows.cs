using ILGPU;

namespace GpuNets.Kernels;

/// <summary>16 rows of a head as the left operand of products, in registers. Fields, because those always become registers; unused ones vanish.</summary>
internal struct TensorHeadRows
{
    private TensorRows _p0, _p1, _p2, _p3;

    /// <summary>The rows of a warp; <paramref name="row"/> is the lane's first, the other lies eight behind it.</summary>
    public static TensorHeadRows Load<THead>(ArrayView<UInt4> rounded, int row) where THead : struct, ITensorHead
    {
        var words = rounded.Cast<uint>();
        int words8 = 8 * 16 * THead.Parts, at = row * 16 * THead.Parts + (TensorRows.Lane & 3);
        TensorHeadRows rows = default;
        rows._p0 = TensorRows.Load(words, at, words8);
        if (THead.Parts > 1) rows._p1 = TensorRows.Load(words, at + 16, words8);
        if (THead.Parts > 2) rows._p2 = TensorRows.Load(words, at + 32, words8);
        if (THead.Parts > 3) rows._p3 = TensorRows.Load(words, at + 48, words8);
        return rows;
    }

    /// <summary>Products with 32 lines in shared memory, from a lane's place for lines on.</summary>
    public static TensorStrip Products<THead>(TensorHeadRows rows, ArrayView<UInt4> shared, int place) where THead : struct, ITensorHead
    {
        var sums = TensorRows.AddLines<THead>(default, rows._p0, shared, place, 0);
        if (THead.Parts > 1) sums = TensorRows.AddLines<THead>(sums, rows._p1, shared, place, 1);
        if (THead.Parts > 2) sums = TensorRows.AddLines<THead>(sums, rows._p2, shared, place, 2);
        if (THead.Parts > 3) sums = TensorRows.AddLines<THead>(sums, rows._p3, shared, place, 3);
        return sums;
    }
}

/// <summary>Sums of a warp: 16 rows of a head.</summary>
internal struct TensorHeadSums
{
    private TensorStrip _p0, _p1, _p2, _p3;

    /// <summary>Adds 32 rows in shared memory, from a lane's place for sums on, with weights.</summary>
    public static TensorHeadSums Add<THead>(TensorHeadSums sums, TensorRows weights, ArrayView<UInt4> shared, int place) where THead : struct, ITensorHead
    {
        sums._p0 = TensorRows.AddSums<THead>(sums._p0, weights, shared, place, 0);
        if (THead.Parts > 1) sums._p1 = TensorRows.AddSums<THead>(sums._p1, weights, shared, place, 1);
        if (THead.Parts > 2) sums._p2 = TensorRows.AddSums<THead>(sums._p2, weights, shared, place, 2);
        if (THead.Parts > 3) sums._p3 = TensorRows.AddSums<THead>(sums._p3, weights, shared, place, 3);
        return sums;
    }

    /// <summary>Multiplies the lane's two rows.</summary>
    public static TensorHeadSums Scale<THead>(TensorHeadSums sums, float low, float high) where THead : struct, ITensorHead
    {
        sums._p0 = TensorStrip.Scale(sums._p0, low, high);
        if (THead.Parts > 1) sums._p1 = TensorStrip.Scale(sums._p1, low, high);
        if (THead.Parts > 2) sums._p2 = TensorStrip.Scale(sums._p2, low, high);
        if (THead.Parts > 3) sums._p3 = TensorStrip.Scale(sums._p3, low, high);
        return sums;
    }

    /// <summary>Hands out the sums of rows from the warp's first on.</summary>
    public static void Store<THead, TTarget>(TensorHeadSums sums, TTarget target, int row) where THead : struct, ITensorHead where TTarget : struct, ITeamTarget
    {
        TensorStrip.Store(sums._p0, target, row, 0);
        if (THead.Parts > 1) TensorStrip.Store(sums._p1, target, row, 32);
        if (THead.Parts > 2) TensorStrip.Store(sums._p2, target, row, 64);
        if (THead.Parts > 3) TensorStrip.Store(sums._p3, target, row, 96);
    }
}
