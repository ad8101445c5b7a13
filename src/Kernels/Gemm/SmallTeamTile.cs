using ILGPU;

namespace GpuNets.Kernels;

/// <summary>64 x 64 x 16, 4 x 4 sums per thread: four times as many groups as the large tile, for matrices that would not fill a GPU.</summary>
internal struct SmallTeamTile : ITeamTile<SmallTeamTile>
{
    private const int Quads = 17;   // Pitch / 4

    /// <summary>The sums by row, for kernels that go on with them.</summary>
    public Float4 R0, R1, R2, R3;

    public static int Width => 64;
    public static int Depth => 16;
    public static int Pitch => 4 * Quads;

    public static SmallTeamTile Add(SmallTeamTile sums, ArrayView<Float4> a, ArrayView<Float4> b)
    {
        // Unrolled by hand: the compiler does not unroll, and constant offsets cost no instructions.
        sums = Four(sums, a, b, 0);
        sums = Four(sums, a, b, 4 * Quads);
        sums = Four(sums, a, b, 8 * Quads);
        return Four(sums, a, b, 12 * Quads);
    }

    public static void Store<TTarget>(SmallTeamTile sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        target.Put(row, column, sums.R0);
        target.Put(row + 1, column, sums.R1);
        target.Put(row + 2, column, sums.R2);
        target.Put(row + 3, column, sums.R3);
    }

    /// <summary>Multiplies row r with component r.</summary>
    public static SmallTeamTile Scale(SmallTeamTile sums, Float4 factors) => new()
    {
        R0 = Float4.Scale(factors.X, sums.R0),
        R1 = Float4.Scale(factors.Y, sums.R1),
        R2 = Float4.Scale(factors.Z, sums.R2),
        R3 = Float4.Scale(factors.W, sums.R3),
    };

    private static SmallTeamTile Four(SmallTeamTile sums, ArrayView<Float4> a, ArrayView<Float4> b, int k)
    {
        sums = One(sums, a[k], b[k]);
        sums = One(sums, a[k + Quads], b[k + Quads]);
        sums = One(sums, a[k + 2 * Quads], b[k + 2 * Quads]);
        return One(sums, a[k + 3 * Quads], b[k + 3 * Quads]);
    }

    private static SmallTeamTile One(SmallTeamTile sums, Float4 a, Float4 b) => new()
    {
        R0 = Float4.MulAdd(a.X, b, sums.R0),
        R1 = Float4.MulAdd(a.Y, b, sums.R1),
        R2 = Float4.MulAdd(a.Z, b, sums.R2),
        R3 = Float4.MulAdd(a.W, b, sums.R3),
    };
}
