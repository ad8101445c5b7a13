using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The sums of a warp in 16 rows by 32 columns: four tiles of 16 x 8, side by side, as <see cref="TensorCores"/> hold them.</summary>
internal struct TensorStrip
{
    public Float4 A, B, C, D;

    /// <summary>Adds the products of one step of k.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="a">16 rows of the left operand.</param>
    /// <param name="left">The first 16 columns of the right one.</param>
    /// <param name="right">The other 16.</param>
    public static TensorStrip Add<TFormat>(TensorStrip sums, UInt4 a, UInt4 left, UInt4 right) where TFormat : struct, ITensorFormat => new()
    {
        A = TFormat.Multiply(sums.A, a, new UInt2 { X = left.X, Y = left.Y }),
        B = TFormat.Multiply(sums.B, a, new UInt2 { X = left.Z, Y = left.W }),
        C = TFormat.Multiply(sums.C, a, new UInt2 { X = right.X, Y = right.Y }),
        D = TFormat.Multiply(sums.D, a, new UInt2 { X = right.Z, Y = right.W }),
    };

    /// <summary>Multiplies the lane's two rows.</summary>
    public static TensorStrip Scale(TensorStrip x, float low, float high) => new()
    {
        A = Scale(x.A, low, high),
        B = Scale(x.B, low, high),
        C = Scale(x.C, low, high),
        D = Scale(x.D, low, high),
    };

    /// <summary>Hands out the sums, four columns at a time.</summary>
    public static void Store<TTarget>(TensorStrip sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        Put(sums.A, target, row, column);
        Put(sums.B, target, row, column + 8);
        Put(sums.C, target, row, column + 16);
        Put(sums.D, target, row, column + 24);
    }

    private static Float4 Scale(Float4 x, float low, float high) => new() { X = x.X * low, Y = x.Y * low, Z = x.Z * high, W = x.W * high };

    /// <summary>
    /// Hands out a tile of 16 x 8. A lane holds two columns of two rows, eight rows apart; neighbours trade, so that each has four columns of
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
}
