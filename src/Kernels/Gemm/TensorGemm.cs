using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for tensor cores: a group of 256 threads computes 128 x 128 of C, a warp 64 x 32 of it, in the loop of
/// <see cref="TensorPipeline{TFormat, TSideA, TSideB}"/>.
/// </summary>
/// <typeparam name="TFormat">What numbers are rounded to; sums are floats.</typeparam>
/// <typeparam name="TSideA">How A is stored.</typeparam>
/// <typeparam name="TSideB">How B is stored.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to all operands.</typeparam>
/// <typeparam name="TActivation">The function f of the epilogue.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorGemm<TFormat, TSideA, TSideB, TAccess, TActivation> :
    ITeamGemm<TensorGemm<TFormat, TSideA, TSideB, TAccess, TActivation>>
    where TFormat : struct, ITensorFormat where TSideA : struct, ITensorSide where TSideB : struct, ITensorSide
    where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public ArrayView<float> A, B, C, Old, Bias;
    public GemmGeometry Size;

    /// <summary>Columns of the grid of tiles, and where in the batch and in k the group begins.</summary>
    public GemmPart Part;

    public static int Width => TensorSums.Lines;

    public static TensorGemm<TFormat, TSideA, TSideB, TAccess, TActivation> Create(in GemmOperands operands, in GemmGeometry size, in GemmPart part) =>
        new() { A = operands.A, B = operands.B, C = operands.C, Old = operands.Old, Bias = operands.Bias, Size = size, Part = part };

    public readonly void Run()
    {
        int thread = Group.IdxX, tileRow = Grid.IdxX / Part.ColumnTiles;
        int row = tileRow * TensorSums.Lines, column = (Grid.IdxX - tileRow * Part.ColumnTiles) * TensorSums.Lines;
        long product = Part.FirstProduct + Grid.IdxY;
        int start = Grid.IdxZ * Part.Terms, end = Size.K - start < Part.Terms ? Size.K : start + Part.Terms;
        var pipeline = TensorPipeline<TFormat, TSideA, TSideB>.Allocate();
        var a = new TensorSideFeed<TFormat, TSideA, TAccess>
        {
            View = TAccess.From(A, product * Size.StrideA),
            Place = TSideA.Place<TFormat>(thread, row, Size.M, Part.StepA, start),
            End = end,
        };
        var b = new TensorSideFeed<TFormat, TSideB, TAccess>
        {
            View = TAccess.From(B, product * Size.StrideB),
            Place = TSideB.Place<TFormat>(thread, column, Size.N, Part.StepB, start),
            End = end,
        };
        pipeline.Start(ref a, ref b);
        row += TensorPipeline<TFormat, TSideA, TSideB>.WarpRow;
        column += TensorPipeline<TFormat, TSideA, TSideB>.WarpColumn;
        if (row >= Size.M || column >= Size.N)
        {
            pipeline.Sum(a, b, start, end, isUsed: false);
            return;
        }
        var sums = pipeline.Sum(a, b, start, end, isUsed: true);
        var c = TAccess.From(C, product * Size.StrideC + Grid.IdxZ * (long)Part.PartStep);
        var old = TAccess.From(Old, product * Size.StrideC);
        TensorSums.Store(sums, new GemmTarget<TAccess, TActivation> { C = c, Old = old, Bias = Bias, Size = Size }, row, column);
    }
}
