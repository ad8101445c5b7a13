using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The sums of one of the eight warps of a group, 64 rows by 32 columns of the group's 128 x 128: four by four tiles of 16 x 8, in
/// fields of structs, which always become registers.
/// </summary>
internal struct TensorSums
{
    /// <summary>Rows and columns of a group's tile.</summary>
    public const int Lines = 128;

    private TensorStrip _r0, _r1, _r2, _r3;

    /// <summary>Adds the products of one step of a stage.</summary>
    public static TensorSums Add<TFormat, TSideA, TSideB>(
        TensorSums sums, ArrayView<UInt4> shared, int stageA, int stageB, int placeA, int placeB, int step)
        where TFormat : struct, ITensorFormat where TSideA : struct, ITensorSide where TSideB : struct, ITensorSide
    {
        var left = TSideB.Right<TFormat>(shared, stageB, placeB, 0, step);
        var right = TSideB.Right<TFormat>(shared, stageB, placeB, 1, step);
        var a0 = TSideA.Left<TFormat>(shared, stageA, placeA, 0, step);
        var a1 = TSideA.Left<TFormat>(shared, stageA, placeA, 1, step);
        sums._r0 = TensorStrip.Add<TFormat>(sums._r0, a0, left, right);
        var a2 = TSideA.Left<TFormat>(shared, stageA, placeA, 2, step);
        sums._r1 = TensorStrip.Add<TFormat>(sums._r1, a1, left, right);
        var a3 = TSideA.Left<TFormat>(shared, stageA, placeA, 3, step);
        sums._r2 = TensorStrip.Add<TFormat>(sums._r2, a2, left, right);
        sums._r3 = TensorStrip.Add<TFormat>(sums._r3, a3, left, right);
        return sums;
    }

    /// <summary>Hands out the sums, four columns at a time.</summary>
    public static void Store<TTarget>(TensorSums sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        TensorStrip.Store(sums._r0, target, row, column);
        TensorStrip.Store(sums._r1, target, row + 16, column);
        TensorStrip.Store(sums._r2, target, row + 32, column);
        TensorStrip.Store(sums._r3, target, row + 48, column);
    }
}
