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

    private Row _r0, _r1, _r2, _r3;

    /// <summary>Adds the products of one step of a stage.</summary>
    public static TensorSums Add<TFormat, TSideA, TSideB>(
        TensorSums sums, ArrayView<UInt4> shared, int stageA, int stageB, int placeA, int placeB, int step)
        where TFormat : struct, ITensorFormat where TSideA : struct, ITensorSide where TSideB : struct, ITensorSide
    {
        var left = TSideB.Right<TFormat>(shared, stageB, placeB, 0, step);
        var right = TSideB.Right<TFormat>(shared, stageB, placeB, 1, step);
        var a0 = TSideA.Left<TFormat>(shared, stageA, placeA, 0, step);
        var a1 = TSideA.Left<TFormat>(shared, stageA, placeA, 1, step);
        sums._r0 = Row.Add<TFormat>(sums._r0, a0, left, right);
        var a2 = TSideA.Left<TFormat>(shared, stageA, placeA, 2, step);
        sums._r1 = Row.Add<TFormat>(sums._r1, a1, left, right);
        var a3 = TSideA.Left<TFormat>(shared, stageA, placeA, 3, step);
        sums._r2 = Row.Add<TFormat>(sums._r2, a2, left, right);
        sums._r3 = Row.Add<TFormat>(sums._r3, a3, left, right);
        return sums;
    }

    /// <summary>Hands out the sums, four columns at a time.</summary>
    public static void Store<TTarget>(TensorSums sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        Row.Store(sums._r0, target, row, column);
        Row.Store(sums._r1, target, row + 16, column);
        Row.Store(sums._r2, target, row + 32, column);
        Row.Store(sums._r3, target, row + 48, column);
    }

    /// <summary>
    /// Hands out a tile of 16 x 8. A lane holds two columns of two rows, eight rows apart. Neighbours trade, so that each has four columns of
    /// one row.
    /// </summary>
    public static void Put<TTarget>(Float4 sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        int lane = Group.IdxX & (WarpThreads.Width - 1), odd = lane & 1;
        float first = Warp.ShuffleXor(odd != 0 ? sums.X : sums.Z, 1), second = Warp.ShuffleXor(odd != 0 ? sums.Y : sums.W, 1);
        var quad = new Float4
        {
            X = odd != 0 ? first : sums.X,
            Y = odd != 0 ? second : sums.Y,
            Z = odd != 0 ? sums.Z : first,
            W = odd != 0 ? sums.W : second,
        };
        target.Put(row + lane / 4 + 8 * odd, column + (lane & 2) * 2, quad);
    }

    private struct Row
    {
        public Float4 A, B, C, D;

        public static Row Add<TFormat>(Row sums, UInt4 a, UInt4 left, UInt4 right) where TFormat : struct, ITensorFormat => new()
        {
            A = TFormat.Multiply(sums.A, a, new UInt2 { X = left.X, Y = left.Y }),
            B = TFormat.Multiply(sums.B, a, new UInt2 { X = left.Z, Y = left.W }),
            C = TFormat.Multiply(sums.C, a, new UInt2 { X = right.X, Y = right.Y }),
            D = TFormat.Multiply(sums.D, a, new UInt2 { X = right.Z, Y = right.W }),
        };

        public static void Store<TTarget>(Row sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
        {
            Put(sums.A, target, row, column);
            Put(sums.B, target, row, column + 8);
            Put(sums.C, target, row, column + 16);
            Put(sums.D, target, row, column + 24);
        }
    }
}
