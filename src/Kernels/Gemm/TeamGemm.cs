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
    public ArrayView<float> A, B, C, Old, Bias;
    public GemmGeometry Size;

    /// <summary>Columns of the grid of tiles, and where in the batch and in k the group begins.</summary>
    public GemmPart Part;

    public static int Width => TTile.Width;

    public static TeamGemm<TTile, TSideA, TSideB, TAccess, TActivation> Create(in GemmOperands operands, in GemmGeometry size, in GemmPart part) =>
        new() { A = operands.A, B = operands.B, C = operands.C, Old = operands.Old, Bias = operands.Bias, Size = size, Part = part };

    public readonly void Run()
    {
        int thread = Group.IdxX, tileRow = Grid.IdxX / Part.ColumnTiles;
        int row = tileRow * TTile.Width, column = (Grid.IdxX - tileRow * Part.ColumnTiles) * TTile.Width;
        long product = Part.FirstProduct + Grid.IdxY;
        int start = Grid.IdxZ * Part.Terms, end = Size.K - start < Part.Terms ? Size.K : start + Part.Terms;
        var a = TAccess.From(A, product * Size.StrideA);
        var b = TAccess.From(B, product * Size.StrideB);
        int x = thread % 16, y = thread / 16;
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, TSideA, TAccess> { View = a, Place = TSideA.Place<TTile>(thread, row, Size.M, Part.StepA, start), End = end },
            new SideFeed<TTile, TSideB, TAccess> { View = b, Place = TSideB.Place<TTile>(thread, column, Size.N, Part.StepB, start), End = end },
            start, end);
        var c = TAccess.From(C, product * Size.StrideC + Grid.IdxZ * (long)Part.PartStep);
        var old = TAccess.From(Old, product * Size.StrideC);
        TTile.Store(sums, new GemmTarget<TAccess, TActivation> { C = c, Old = old, Bias = Bias, Size = Size }, row + 4 * y, column + 4 * x);
    }
}
