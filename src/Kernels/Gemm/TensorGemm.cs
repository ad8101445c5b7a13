using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for tensor cores: a group of 256 threads computes 128 x 128 of C, a warp 64 x 32 of it. Slices of A and B (64 bytes of k
/// per line: 16 numbers of tf32, 32 of bfloat16) go through three stages of shared memory. A thread rounds what it copies, so that each
/// number is rounded once per group: of numbers copied behind its back (cp.async) it would have to round every fragment, 72 instructions
/// per 16 products instead of 24, more than the products take on compute capability 8.0. One barrier per stage.
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
    private const int Stage = 4 * TensorSums.Lines;   // chunks of an operand per stage

    public ArrayView<float> A, B, C, Old, Bias;
    public GemmGeometry Size;

    /// <summary>Columns of the grid of tiles, and where in the batch and in k the group begins.</summary>
    public GemmPart Part;

    public static int Width => TensorSums.Lines;

    public static TensorGemm<TFormat, TSideA, TSideB, TAccess, TActivation> Create(in GemmOperands operands, in GemmGeometry size, in GemmPart part) =>
        new() { A = operands.A, B = operands.B, C = operands.C, Old = operands.Old, Bias = operands.Bias, Size = size, Part = part };

    public readonly void Run()
    {
        int thread = Group.IdxX, lane = thread & (WarpThreads.Width - 1), warp = thread / WarpThreads.Width;
        int tileRow = Grid.IdxX / Part.ColumnTiles;
        int row = tileRow * TensorSums.Lines, column = (Grid.IdxX - tileRow * Part.ColumnTiles) * TensorSums.Lines;
        long product = Part.FirstProduct + Grid.IdxY;
        int start = Grid.IdxZ * Part.Terms, end = Size.K - start < Part.Terms ? Size.K : start + Part.Terms;
        var a = TAccess.From(A, product * Size.StrideA);
        var b = TAccess.From(B, product * Size.StrideB);
        var shared = SharedMemory.Allocate<UInt4>(6 * Stage);
        var placeA = TSideA.Place<TFormat>(thread, row, Size.M, Part.StepA, start);
        var placeB = TSideB.Place<TFormat>(thread, column, Size.N, Part.StepB, start);
        int warpRow = warp / 4 * 64, warpColumn = warp % 4 * 32;
        int left = TSideA.PlaceLeft<TFormat>(lane, warpRow), right = TSideB.PlaceRight<TFormat>(lane, warpColumn);

        Store(shared, 0, placeA, TSideA.Next<TFormat, TAccess>(a, ref placeA, end));
        Store(shared, Stage, placeB, TSideB.Next<TFormat, TAccess>(b, ref placeB, end));
        Store(shared, 2 * Stage, placeA, TSideA.Next<TFormat, TAccess>(a, ref placeA, end));
        Store(shared, 3 * Stage, placeB, TSideB.Next<TFormat, TAccess>(b, ref placeB, end));
        // A warp whose part lies beyond C copies for the others and multiplies nothing.
        if (row + warpRow >= Size.M || column + warpColumn >= Size.N)
        {
            Stages(default, shared, a, b, placeA, placeB, left, right, start, end, isUsed: false);
            return;
        }
        var sums = Stages(default, shared, a, b, placeA, placeB, left, right, start, end, isUsed: true);
        var c = TAccess.From(C, product * Size.StrideC + Grid.IdxZ * (long)Part.PartStep);
        var old = TAccess.From(Old, product * Size.StrideC);
        TensorSums.Store(sums, new GemmTarget<TAccess, TActivation> { C = c, Old = old, Bias = Bias, Size = Size }, row + warpRow, column + warpColumn);
    }

    private static TensorSums Stages(
        TensorSums sums, ArrayView<UInt4> shared, ArrayView<float> a, ArrayView<float> b, TensorPlace placeA, TensorPlace placeB,
        int left, int right, int start, int end, bool isUsed)
    {
        int stage = 0, free = 4 * Stage;
        for (int k = start; k < end; k += 4 * TFormat.Chunk)
        {
            // Behind it, this stage is filled, and nobody reads the one that is filled next.
            Group.Barrier();
            var nextA = TSideA.Next<TFormat, TAccess>(a, ref placeA, end);
            var nextB = TSideB.Next<TFormat, TAccess>(b, ref placeB, end);
            if (isUsed)
            {
                sums = TensorSums.Add<TFormat, TSideA, TSideB>(sums, shared, stage, stage + Stage, left, right, 0);
                sums = TensorSums.Add<TFormat, TSideA, TSideB>(sums, shared, stage, stage + Stage, left, right, 1);
            }
            Store(shared, free, placeA, nextA);
            Store(shared, free + Stage, placeB, nextB);
            free = stage;
            stage = stage == 4 * Stage ? 0 : stage + 2 * Stage;
        }
        return sums;
    }

    private static void Store(ArrayView<UInt4> shared, int stage, in TensorPlace place, HeldChunks held)
    {
        shared[stage + place.Target] = TFormat.Round(held.A, held.B);
        shared[stage + place.Target + 256] = TFormat.Round(held.C, held.D);
    }
}
