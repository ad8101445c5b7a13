using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for GPUs: a group of 256 threads computes a square tile of C. Slices of A and B go through two stages of shared memory,
/// one being filled while the other is used; every thread keeps its sums in registers. k is summed in ascending order.
/// </summary>
/// <typeparam name="TTile">Size of the tile.</typeparam>
/// <typeparam name="TSideA">How A is stored.</typeparam>
/// <typeparam name="TSideB">How B is stored.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to all operands.</typeparam>
/// <typeparam name="TActivation">The function f of the epilogue.</typeparam>
internal struct TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation> : IGridKernel
    where TTile : struct, ITeamTile<TTile> where TSideA : struct, ITeamSide where TSideB : struct, ITeamSide
    where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public ArrayView<float> A, B, C, Bias;
    public GemmGeometry Size;

    /// <summary>The step of each operand that is not 1.</summary>
    public int StepA, StepB;

    public int ColumnTiles, FirstProduct;

    public readonly void Run()
    {
        int thread = Group.IdxX, tileRow = Grid.IdxX / ColumnTiles;
        int row = tileRow * TTile.Width, column = (Grid.IdxX - tileRow * ColumnTiles) * TTile.Width;
        long product = FirstProduct + Grid.IdxY;
        var a = TAccess.From(A, product * Size.StrideA);
        var b = TAccess.From(B, product * Size.StrideB);
        int quads = TTile.Depth * TTile.Pitch / 4;
        var sharedA = SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2);
        var sharedB = SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2);
        ArrayView<Float4> a0 = sharedA.SubView(0, quads), a1 = sharedA.SubView(quads, quads);
        ArrayView<Float4> b0 = sharedB.SubView(0, quads), b1 = sharedB.SubView(quads, quads);
        var placeA = TSideA.Place<TTile>(thread, row, Size.M, StepA);
        var placeB = TSideB.Place<TTile>(thread, column, Size.N, StepB);
        int x = thread % 16, y = thread / 16;
        // The thread's own part of each stage: only constants are added in the loop.
        ArrayView<Float4> readA0 = a0.SubView(y, quads - y), readA1 = a1.SubView(y, quads - y);
        ArrayView<Float4> readB0 = b0.SubView(x, quads - x), readB1 = b1.SubView(x, quads - x);

        TTile sums = default;
        TSideA.Store<TTile>(a0, placeA, TSideA.Next<TTile, TAccess>(a, ref placeA, Size.K));
        TSideB.Store<TTile>(b0, placeB, TSideB.Next<TTile, TAccess>(b, ref placeB, Size.K));
        Group.Barrier();
        for (int k = 0; k < Size.K; k += 2 * TTile.Depth)
        {
            var nextA = TSideA.Next<TTile, TAccess>(a, ref placeA, Size.K);
            var nextB = TSideB.Next<TTile, TAccess>(b, ref placeB, Size.K);
            sums = TTile.Add(sums, readA0, readB0);
            TSideA.Store<TTile>(a1, placeA, nextA);
            TSideB.Store<TTile>(b1, placeB, nextB);
            Group.Barrier();
            nextA = TSideA.Next<TTile, TAccess>(a, ref placeA, Size.K);
            nextB = TSideB.Next<TTile, TAccess>(b, ref placeB, Size.K);
            sums = TTile.Add(sums, readA1, readB1);
            TSideA.Store<TTile>(a0, placeA, nextA);
            TSideB.Store<TTile>(b0, placeB, nextB);
            Group.Barrier();
        }
        TTile.Store(sums, new Target { C = TAccess.From(C, product * Size.StrideC), Bias = Bias, Size = Size }, row + 4 * y, column + 4 * x);
    }

    private struct Target : ITeamTarget
    {
        public ArrayView<float> C, Bias;
        public GemmGeometry Size;

        public readonly void Put(int row, int column, Float4 sums)
        {
            int count = Size.N - column;
            if (row >= Size.M || count <= 0) return;
            int index = row * Size.LeadingC + column;
            if (Size.HasBias != 0) sums = Float4.Add(sums, TAccess.Load(Bias, column, count));
            if (Size.Accumulate != 0) sums = Float4.Add(TAccess.Load(C, index, count), sums);
            TAccess.Store(C, index, Float4.Apply<TActivation>(sums), count);
        }
    }
}
