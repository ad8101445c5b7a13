using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread brings of one operand of a product on tensor cores: two chunks per stage.</summary>
internal interface ITensorFeed
{
    /// <summary>Loads the next chunks and moves on by one stage.</summary>
    HeldChunks Next();

    /// <summary>Where the first goes in a stage; the second goes 256 chunks behind it.</summary>
    int Target { get; }
}

/// <summary>A matrix in memory.</summary>
internal struct TensorSideFeed<TFormat, TSide, TAccess> : ITensorFeed
    where TFormat : struct, ITensorFormat where TSide : struct, ITensorSide where TAccess : struct, ITeamAccess
{
    public ArrayView<float> View;
    public TensorPlace Place;

    /// <summary>The k from which on zeros are read.</summary>
    public int End;

    public readonly int Target => Place.Target;

    public HeldChunks Next() => TSide.Next<TFormat, TAccess>(View, ref Place, End);
}

/// <summary>
/// The loop of every product on tensor cores: slices of both operands (64 bytes of k per line: 16 numbers of tf32, 32 of bfloat16) go
/// through three stages of shared memory with one barrier per stage. A thread rounds what it copies, so that each number is rounded
/// once per group: of numbers copied behind its back (cp.async) it would have to round every fragment, 72 instructions per 16 products
/// instead of 24, more than the products take on compute capability 8.0.
/// </summary>
/// <typeparam name="TFormat">What numbers are rounded to; sums are floats.</typeparam>
/// <typeparam name="TSideA">How A lies in a stage.</typeparam>
/// <typeparam name="TSideB">How B lies in a stage.</typeparam>
internal readonly struct TensorPipeline<TFormat, TSideA, TSideB>
    where TFormat : struct, ITensorFormat where TSideA : struct, ITensorSide where TSideB : struct, ITensorSide
{
    private const int Stage = 4 * TensorSums.Lines;   // chunks of an operand per stage

    private readonly ArrayView<UInt4> _shared;
    private readonly int _left, _right;

    private TensorPipeline(ArrayView<UInt4> shared, int left, int right) => (_shared, _left, _right) = (shared, left, right);

    /// <summary>The first row and column of the calling warp in the tile of its group.</summary>
    public static int WarpRow => Group.IdxX / WarpThreads.Width / 4 * 64;

    /// <inheritdoc cref="WarpRow"/>
    public static int WarpColumn => Group.IdxX / WarpThreads.Width % 4 * 32;

    /// <summary>A pipeline with shared memory of its own, 48 KB.</summary>
    public static TensorPipeline<TFormat, TSideA, TSideB> Allocate()
    {
        int lane = Group.IdxX & (WarpThreads.Width - 1);
        return new(SharedMemory.Allocate<UInt4>(6 * Stage), TSideA.PlaceLeft<TFormat>(lane, WarpRow), TSideB.PlaceRight<TFormat>(lane, WarpColumn));
    }

    /// <summary>Fills the first two stages.</summary>
    public void Start<TFeedA, TFeedB>(ref TFeedA a, ref TFeedB b) where TFeedA : struct, ITensorFeed where TFeedB : struct, ITensorFeed
    {
        Store(0, a.Target, a.Next());
        Store(Stage, b.Target, b.Next());
        Store(2 * Stage, a.Target, a.Next());
        Store(3 * Stage, b.Target, b.Next());
    }

    /// <summary>
    /// Sums of the terms from start to end, of which two stages are there. A warp whose part lies beyond C (<paramref name="isUsed"/>
    /// false) copies for the others and multiplies nothing.
    /// </summary>
    public TensorSums Sum<TFeedA, TFeedB>(TFeedA a, TFeedB b, int start, int end, bool isUsed)
        where TFeedA : struct, ITensorFeed where TFeedB : struct, ITensorFeed
    {
        TensorSums sums = default;
        int stage = 0, free = 4 * Stage;
        for (int k = start; k < end; k += 4 * TFormat.Chunk)
        {
            // Behind it, this stage is filled, and nobody reads the one that is filled next.
            Group.Barrier();
            var nextA = a.Next();
            var nextB = b.Next();
            if (isUsed)
            {
                sums = TensorSums.Add<TFormat, TSideA, TSideB>(sums, _shared, stage, stage + Stage, _left, _right, 0);
                sums = TensorSums.Add<TFormat, TSideA, TSideB>(sums, _shared, stage, stage + Stage, _left, _right, 1);
            }
            Store(free, a.Target, nextA);
            Store(free + Stage, b.Target, nextB);
            free = stage;
            stage = stage == 4 * Stage ? 0 : stage + 2 * Stage;
        }
        return sums;
    }

    private void Store(int stage, int target, HeldChunks held)
    {
        _shared[stage + target] = TFormat.Round(held.A, held.B);
        _shared[stage + target + 256] = TFormat.Round(held.C, held.D);
    }
}
