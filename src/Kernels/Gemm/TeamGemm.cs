using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for GPUs: a group of 256 threads computes a square tile of C. Slices of A and B go through two stages of shared memory,
/// one being filled while the other is used; every thread keeps its sums in registers. k is summed in ascending order, or in
/// parts that other groups sum at the same time.
/// </summary>
/// <typeparam name="TTile">Size of the tile.</typeparam>
/// <typeparam name="TSideA">How A is stored.</typeparam>
/// <typeparam name="TSideB">How B is stored.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to all operands.</typeparam>
/// <typeparam name="TActivation">The function f of the epilogue.</typeparam>
internal struct TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation> :
    ITeamGemm<TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation>>
    where TTile : struct, ITeamTile<TTile> where TSideA : struct, ITeamSide where TSideB : struct, ITeamSide
    where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public ArrayView<float> A, B, C, Bias;
    public GemmGeometry Size;

    /// <summary>Columns of the grid of tiles, and where in the batch and in k the group begins.</summary>
    public GemmPart Part;

    public static int Width => TTile.Width;

    public static TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation> Create(in GemmOperands operands, in GemmGeometry size, in GemmPart part) =>
        new() { A = operands.A, B = operands.B, C = operands.C, Bias = operands.Bias, Size = size, Part = part };

    public readonly void Run()
    {
        int thread = Group.IdxX, tileRow = Grid.IdxX / Part.ColumnTiles;
        int row = tileRow * TTile.Width, column = (Grid.IdxX - tileRow * Part.ColumnTiles) * TTile.Width;
        long product = Part.FirstProduct + Grid.IdxY;
        int start = Grid.IdxZ * Part.Terms, end = Size.K - start < Part.Terms ? Size.K : start + Part.Terms;
        var a = TAccess.From(A, product * Size.StrideA);
        var b = TAccess.From(B, product * Size.StrideB);
        int quads = TTile.Depth * TTile.Pitch / 4;
        var sharedA = SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2);
        var sharedB = SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2);
        ArrayView<Float4> a0 = sharedA.SubView(0, quads), a1 = sharedA.SubView(quads, quads);
        ArrayView<Float4> b0 = sharedB.SubView(0, quads), b1 = sharedB.SubView(quads, quads);
        var placeA = TSideA.Place<TTile>(thread, row, Size.M, Part.StepA, start);
        var placeB = TSideB.Place<TTile>(thread, column, Size.N, Part.StepB, start);
        int x = thread % 16, y = thread / 16;
        // The thread's own part of each stage: only constants are added in the loop.
        ArrayView<Float4> readA0 = a0.SubView(y, quads - y), readA1 = a1.SubView(y, quads - y);
        ArrayView<Float4> readB0 = b0.SubView(x, quads - x), readB1 = b1.SubView(x, quads - x);

        TTile sums = default;
        TSideA.Store<TTile>(a0, placeA, TSideA.Next<TTile, TAccess>(a, ref placeA, end));
        TSideB.Store<TTile>(b0, placeB, TSideB.Next<TTile, TAccess>(b, ref placeB, end));
        Group.Barrier();
        for (int k = start; k < end; k += 2 * TTile.Depth)
        {
            var nextA = TSideA.Next<TTile, TAccess>(a, ref placeA, end);
            var nextB = TSideB.Next<TTile, TAccess>(b, ref placeB, end);
            sums = TTile.Add(sums, readA0, readB0);
            TSideA.Store<TTile>(a1, placeA, nextA);
            TSideB.Store<TTile>(b1, placeB, nextB);
            Group.Barrier();
            nextA = TSideA.Next<TTile, TAccess>(a, ref placeA, end);
            nextB = TSideB.Next<TTile, TAccess>(b, ref placeB, end);
            sums = TTile.Add(sums, readA1, readB1);
            TSideA.Store<TTile>(a0, placeA, nextA);
            TSideB.Store<TTile>(b0, placeB, nextB);
            Group.Barrier();
        }
        var c = TAccess.From(C, product * Size.StrideC + Grid.IdxZ * (long)Part.PartStep);
        TTile.Store(sums, new GemmTarget<TAccess, TActivation> { C = c, Bias = Bias, Size = Size }, row + 4 * y, column + 4 * x);
    }
}
