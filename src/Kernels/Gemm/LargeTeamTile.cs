using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// 128 x 128 x 8, 8 x 8 sums per thread in four quarters of 4 x 4, 64 rows and columns apart, so that neighbouring threads read
/// neighbouring quads of shared memory: 4 loads for 64 multiply-adds.
/// </summary>
internal struct LargeTeamTile : ITeamTile<LargeTeamTile>
{
    private const int Quads = 33;   // Pitch / 4
    private const int Half = 16;    // quads from the first to the second half of a row of the stage

    private Pair _r0, _r1, _r2, _r3, _r4, _r5, _r6, _r7;

    public static int Width => 128;
    public static int Depth => 8;
    public static int Pitch => 4 * Quads;

    public static LargeTeamTile Add(LargeTeamTile sums, ArrayView<Float4> a, ArrayView<Float4> b)
    {
        // Unrolled by hand: the compiler does not unroll, and constant offsets cost no instructions.
        sums = One(sums, a, b, 0);
        sums = One(sums, a, b, Quads);
        sums = One(sums, a, b, 2 * Quads);
        sums = One(sums, a, b, 3 * Quads);
        sums = One(sums, a, b, 4 * Quads);
        sums = One(sums, a, b, 5 * Quads);
        sums = One(sums, a, b, 6 * Quads);
        return One(sums, a, b, 7 * Quads);
    }

    public static void Store<TTarget>(LargeTeamTile sums, TTarget target, int row, int column) where TTarget : struct, ITeamTarget
    {
        Put(target, row, column, sums._r0);
        Put(target, row + 1, column, sums._r1);
        Put(target, row + 2, column, sums._r2);
        Put(target, row + 3, column, sums._r3);
        Put(target, row + 64, column, sums._r4);
        Put(target, row + 65, column, sums._r5);
        Put(target, row + 66, column, sums._r6);
        Put(target, row + 67, column, sums._r7);
    }

    private static void Put<TTarget>(TTarget target, int row, int column, Pair sums) where TTarget : struct, ITeamTarget
    {
        target.Put(row, column, sums.Low);
        target.Put(row, column + 64, sums.High);
    }

    private static LargeTeamTile One(LargeTeamTile sums, ArrayView<Float4> a, ArrayView<Float4> b, int k)
    {
        Float4 low = a[k], high = a[k + Half];
        var columns = new Pair { Low = b[k], High = b[k + Half] };
        return new LargeTeamTile
        {
            _r0 = Pair.MulAdd(low.X, columns, sums._r0),
            _r1 = Pair.MulAdd(low.Y, columns, sums._r1),
            _r2 = Pair.MulAdd(low.Z, columns, sums._r2),
            _r3 = Pair.MulAdd(low.W, columns, sums._r3),
            _r4 = Pair.MulAdd(high.X, columns, sums._r4),
            _r5 = Pair.MulAdd(high.Y, columns, sums._r5),
            _r6 = Pair.MulAdd(high.Z, columns, sums._r6),
            _r7 = Pair.MulAdd(high.W, columns, sums._r7),
        };
    }

    private struct Pair
    {
        public Float4 Low, High;

        public static Pair MulAdd(float x, Pair b, Pair s) => new() { Low = Float4.MulAdd(x, b.Low, s.Low), High = Float4.MulAdd(x, b.High, s.High) };
    }
}
