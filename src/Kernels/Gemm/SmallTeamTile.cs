using ILGPU;

namespace GpuNets.Kernels;

/// <summary>64 x 64 x 16, 4 x 4 sums per thread: four times as many groups as the large tile, for matrices that would not fill a GPU.</summary>
internal struct SmallTeamTile : ITeamTile<SmallTeamTile>
{
    private const int Quads = 17;   // Pitch / 4

    private Float4 _r0, _r1, _r2, _r3;

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
        target.Put(row, column, sums._r0);
        target.Put(row + 1, column, sums._r1);
        target.Put(row + 2, column, sums._r2);
        target.Put(row + 3, column, sums._r3);
    }

    private static SmallTeamTile Four(SmallTeamTile sums, ArrayView<Float4> a, ArrayView<Float4> b, int k)
    {
        sums = One(sums, a[k], b[k]);
        sums = One(sums, a[k + Quads], b[k + Quads]);
        sums = One(sums, a[k + 2 * Quads], b[k + 2 * Quads]);
        return One(sums, a[k + 3 * Quads], b[k + 3 * Quads]);
    }

    private static SmallTeamTile One(SmallTeamTile sums, Float4 a, Float4 b) => new()
    {
        _r0 = Float4.MulAdd(a.X, b, sums._r0),
        _r1 = Float4.MulAdd(a.Y, b, sums._r1),
        _r2 = Float4.MulAdd(a.Z, b, sums._r2),
        _r3 = Float4.MulAdd(a.W, b, sums._r3),
    };
}
