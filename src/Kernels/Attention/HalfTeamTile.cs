using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// 64 rows by 32 columns of sums with weights, for what a tile of 64 columns would leave empty: two rows and four columns per thread, eight
/// threads per row. The rows are two of the four that the thread has of a tile of scores.
/// </summary>
internal struct HalfTeamTile
{
    /// <summary>Quads from one row of the right operand to the next: of 32 columns, and one against bank conflicts.</summary>
    public const int Quads = 9;

    private Float4 _r0, _r1;

    /// <summary>Adds eight rows with weights.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="weights">From the thread's first row on, [row of the right operand][row].</param>
    /// <param name="pitch">Pairs from one row of weights to the next.</param>
    /// <param name="b">From the thread's columns on.</param>
    public static HalfTeamTile Add(HalfTeamTile sums, ArrayView<Float2> weights, int pitch, ArrayView<Float4> b)
    {
        sums = Four(sums, weights, pitch, b, 0);
        return Four(sums, weights, pitch, b, 4);
    }

    /// <summary>Multiplies row r of the thread's four with component r.</summary>
    public static HalfTeamTile Scale(HalfTeamTile sums, Float4 factors) => new()
    {
        _r0 = Float4.Scale(IsLower ? factors.Z : factors.X, sums._r0),
        _r1 = Float4.Scale(IsLower ? factors.W : factors.Y, sums._r1),
    };

    /// <summary>Hands out the sums.</summary>
    /// <param name="sums">The sums.</param>
    /// <param name="target">Takes them.</param>
    /// <param name="row">The first of the thread's four rows.</param>
    /// <param name="column">First column of the tile.</param>
    public static void Store<TTarget>(HalfTeamTile sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        row += IsLower ? 2 : 0;
        column += Group.IdxX % 8 * 4;
        target.Put(row, column, sums._r0);
        target.Put(row + 1, column, sums._r1);
    }

    private static bool IsLower => (Group.IdxX & 8) != 0;

    private static HalfTeamTile Four(HalfTeamTile sums, ArrayView<Float2> weights, int pitch, ArrayView<Float4> b, int k)
    {
        sums = One(sums, weights[k * pitch], b[k * Quads]);
        sums = One(sums, weights[(k + 1) * pitch], b[(k + 1) * Quads]);
        sums = One(sums, weights[(k + 2) * pitch], b[(k + 2) * Quads]);
        return One(sums, weights[(k + 3) * pitch], b[(k + 3) * Quads]);
    }

    private static HalfTeamTile One(HalfTeamTile sums, Float2 w, Float4 b) =>
        new() { _r0 = Float4.MulAdd(w.X, b, sums._r0), _r1 = Float4.MulAdd(w.Y, b, sums._r1) };
}
