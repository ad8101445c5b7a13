using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The form for tensor cores of compute capability 9.0: a group computes 128 x 256 of C, each of two warpgroups 64 x 256 of it, in
/// registers. One thread of a ninth warp has the hardware copy slices of A and B (128 bytes of k per line) through a ring of four stages of
/// shared memory, with a barrier per stage for its arrival and one for its release: nobody else computes addresses or waits for memory.
/// Operands come rounded and with neighbours along k, from <see cref="PackTerms{TFormat, TAccess}"/> and <see cref="PackLines{TFormat, TAccess}"/>.
/// </summary>
/// <typeparam name="TFormat">What numbers were rounded to; sums are floats.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to C and the bias.</typeparam>
/// <typeparam name="TActivation">The function f of the epilogue.</typeparam>
[ComputeCapability(9, 0, IsExact = true), LargeKernel]
internal struct WarpgroupGemm<TFormat, TAccess, TActivation> : IGridKernel
    where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public ArrayView<float> C, Old, Bias;
    public GemmGeometry Size;
    public GemmPart Part;

    /// <summary>Addresses of the maps of the packed operands.</summary>
    public ulong MapA, MapB;

    /// <summary>1, or 0 if all products share the operand.</summary>
    public int ProductsA, ProductsB;

    public readonly void Run()
    {
        var memory = SharedMemory.GetDynamic<UInt4>();
        ref var shared = ref memory[0];
        uint stages = SharedAddress.Align(SharedAddress.Of(ref shared));
        uint filled = stages + WarpgroupGemmSize.Stages * WarpgroupGemmSize.StageBytes, free = filled + WarpgroupGemmSize.Stages * SharedBarrier.Size;
        int thread = Group.IdxX, warp = thread / WarpThreads.Width;
        if (thread == 0)
        {
            for (uint stage = 0; stage < WarpgroupGemmSize.Stages; stage++)
            {
                SharedBarrier.Start(ref shared, filled + stage * SharedBarrier.Size, 1);
                SharedBarrier.Start(ref shared, free + stage * SharedBarrier.Size, WarpgroupGemmSize.Consumers / WarpThreads.Width);
            }
            SharedBarrier.Publish();
        }
        Group.Barrier();
        int product = Part.FirstProduct + Grid.IdxY;
        var tile = WarpgroupGemmSize.Tile(Grid.IdxX, (Size.M + (WarpgroupGemmSize.Rows - 1)) / WarpgroupGemmSize.Rows, Part.ColumnTiles);
        int row = tile.Row * WarpgroupGemmSize.Rows, column = tile.Column * Warpgroup.Columns;
        int start = Grid.IdxZ * Part.Terms, end = Size.K - start < Part.Terms ? Size.K : start + Part.Terms;
        if (warp == WarpgroupGemmSize.Consumers / WarpThreads.Width)
        {
            if ((thread & (WarpThreads.Width - 1)) == 0) Copy(ref shared, stages, filled, free, row, column, product, start, end);
            return;
        }
        int half = thread / Warpgroup.Threads;
        var sums = Multiply(ref shared, stages, filled, free, (uint)half * (Warpgroup.Rows * SharedMatrix.Line), start, end);
        var c = TAccess.From(C, product * Size.StrideC + Grid.IdxZ * (long)Part.PartStep);
        var old = TAccess.From(Old, product * Size.StrideC);
        WarpgroupSums.Store(sums, new GemmTarget<TAccess, TActivation> { C = c, Old = old, Bias = Bias, Size = Size }, row + warp * 16, column, Size.N);
    }

    private readonly void Copy(ref UInt4 shared, uint stages, uint filled, uint free, int row, int column, int product, int start, int end)
    {
        TensorCopy.Acquire(MapA);
        TensorCopy.Acquire(MapB);
        uint stage = 0;
        int parity = 1;
        for (int k = start; k < end; k += SharedMatrix.Line / 16 * TFormat.Chunk)
        {
            uint target = stages + stage * WarpgroupGemmSize.StageBytes, barrier = filled + stage * SharedBarrier.Size;
            SharedBarrier.Wait(ref shared, free + stage * SharedBarrier.Size, parity);
            SharedBarrier.Expect(ref shared, barrier, WarpgroupGemmSize.StageBytes);
            TensorCopy.Load(ref shared, target, MapA, k, row, product * ProductsA, barrier);
            TensorCopy.Load(ref shared, target + WarpgroupGemmSize.Rows * SharedMatrix.Line, MapB, k, column, product * ProductsB, barrier);
            stage = (stage + 1) & (WarpgroupGemmSize.Stages - 1);
            if (stage == 0) parity ^= 1;
        }
    }

    private static WarpgroupSums Multiply(ref UInt4 shared, uint stages, uint filled, uint free, uint offsetA, int start, int end)
    {
        WarpgroupSums sums = default;
        uint stage = 0;
        int parity = 0, isFirst = (Group.IdxX & (WarpThreads.Width - 1)) == 0 ? 1 : 0;
        for (int k = start; k < end; k += SharedMatrix.Line / 16 * TFormat.Chunk)
        {
            uint place = stages + stage * WarpgroupGemmSize.StageBytes;
            SharedBarrier.Wait(ref shared, filled + stage * SharedBarrier.Size, parity);
            sums = TFormat.MultiplyShared(
                sums, ref shared, SharedMatrix.Describe(place + offsetA), SharedMatrix.Describe(place + WarpgroupGemmSize.Rows * SharedMatrix.Line));
            SharedBarrier.Arrive(ref shared, free + stage * SharedBarrier.Size, isFirst);
            stage = (stage + 1) & (WarpgroupGemmSize.Stages - 1);
            if (stage == 0) parity ^= 1;
        }
        return sums;
    }
}

/// <summary>Sizes of <see cref="WarpgroupGemm{TFormat, TAccess, TActivation}"/>.</summary>
internal static class WarpgroupGemmSize
{
    /// <summary>Threads that multiply, and all threads.</summary>
    public const int Consumers = 2 * Warpgroup.Threads, GroupSize = Consumers + WarpThreads.Width;

    /// <summary>Rows of C per group.</summary>
    public const int Rows = 2 * Warpgroup.Rows;

    /// <summary>Stages of the ring, and bytes of one: 128 bytes of each line of A and B.</summary>
    public const int Stages = 4, StageBytes = (Rows + Warpgroup.Columns) * SharedMatrix.Line;

    // Rows of tiles that groups of one moment share: 132 groups then read 8 slices of A and 17 of B, not 1 or 2 and all of B.
    private const int Band = 8;

    /// <summary>The tile of a group: column by column through bands of eight rows of tiles, so that the second cache serves a slice many times.</summary>
    public static (int Row, int Column) Tile(int index, int rowTiles, int columnTiles)
    {
        int band = index / (Band * columnTiles), first = band * Band, rest = index - first * columnTiles;
        int height = rowTiles - first < Band ? rowTiles - first : Band, column = rest / height;
        return (first + rest - column * height, column);
    }

    /// <summary>The stages, two barriers for each, and room to begin at a multiple of 1024.</summary>
    public const int SharedBytes = Stages * StageBytes + 2 * Stages * SharedBarrier.Size + SharedMatrix.Block;
}
