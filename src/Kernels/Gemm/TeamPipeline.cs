using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread brings of one operand of a product: four elements per stage.</summary>
internal interface ITeamFeed
{
    /// <summary>Loads the next four elements and moves on by one stage.</summary>
    Float4 Next();

    void Store(ArrayView<Float4> stage, Float4 value);
}

/// <summary>A matrix in memory.</summary>
internal struct SideFeed<TTile, TSide, TAccess> : ITeamFeed
    where TTile : struct, ITeamTile<TTile> where TSide : struct, ITeamSide where TAccess : struct, ITeamAccess
{
    public ArrayView<float> View;
    public TeamPlace Place;

    /// <summary>The k from which on zeros are read.</summary>
    public int End;

    public Float4 Next() => TSide.Next<TTile, TAccess>(View, ref Place, End);

    public readonly void Store(ArrayView<Float4> stage, Float4 value) => TSide.Store<TTile>(stage, Place, value);
}

/// <summary>
/// The loop of every tiled product on GPUs: slices of both operands go through two stages of shared memory, one being filled while the
/// other is used; every thread keeps its sums in registers.
/// </summary>
internal readonly struct TeamPipeline<TTile> where TTile : struct, ITeamTile<TTile>
{
    private readonly ArrayView<Float4> _a0, _a1, _b0, _b1, _readA0, _readA1, _readB0, _readB1;

    /// <param name="a">Shared memory for both stages of A.</param>
    /// <param name="b">The same for B.</param>
    public TeamPipeline(ArrayView<Float4> a, ArrayView<Float4> b)
    {
        int quads = TTile.Depth * TTile.Pitch / 4, x = Group.IdxX % 16, y = Group.IdxX / 16;
        (_a0, _a1, _b0, _b1) = (a.SubView(0, quads), a.SubView(quads, quads), b.SubView(0, quads), b.SubView(quads, quads));
        // The thread's own part of each stage: only constants are added in the loop.
        (_readA0, _readA1) = (_a0.SubView(y, quads - y), _a1.SubView(y, quads - y));
        (_readB0, _readB1) = (_b0.SubView(x, quads - x), _b1.SubView(x, quads - x));
    }

    /// <summary>A pipeline with shared memory of its own.</summary>
    public static TeamPipeline<TTile> Allocate() =>
        new(SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2), SharedMemory.Allocate<Float4>(TTile.Depth * TTile.Pitch / 2));

    /// <summary>Sums of the terms from start to end. All threads are past it when it returns.</summary>
    public TTile Sum<TFeedA, TFeedB>(TFeedA a, TFeedB b, int start, int end) where TFeedA : struct, ITeamFeed where TFeedB : struct, ITeamFeed
    {
        TTile sums = default;
        a.Store(_a0, a.Next());
        b.Store(_b0, b.Next());
        Group.Barrier();
        for (int k = start; k < end; k += 2 * TTile.Depth)
        {
            var nextA = a.Next();
            var nextB = b.Next();
            sums = TTile.Add(sums, _readA0, _readB0);
            a.Store(_a1, nextA);
            b.Store(_b1, nextB);
            Group.Barrier();
            nextA = a.Next();
            nextB = b.Next();
            sums = TTile.Add(sums, _readA1, _readB1);
            a.Store(_a0, nextA);
            b.Store(_b0, nextB);
            Group.Barrier();
        }
        return sums;
    }

    /// <summary>
    /// Adds products of an A that lies in shared memory already, as stages do: [k][line]. The first barrier here stands between its
    /// writing and the sums; all threads are past the sums when it returns.
    /// </summary>
    public TTile Add<TFeedB>(TTile sums, ArrayView<Float4> a, TFeedB b, int terms) where TFeedB : struct, ITeamFeed
    {
        int quads = TTile.Depth * TTile.Pitch / 4, y = Group.IdxX / 16;
        b.Store(_b0, b.Next());
        Group.Barrier();
        for (int k = 0; k < terms; k += 2 * TTile.Depth)
        {
            var read = a.SubView(k * TTile.Pitch / 4 + y, 2 * quads - y);
            var next = b.Next();
            sums = TTile.Add(sums, read, _readB0);
            b.Store(_b1, next);
            Group.Barrier();
            next = b.Next();
            sums = TTile.Add(sums, read.SubView(quads, quads - y), _readB1);
            b.Store(_b0, next);
            Group.Barrier();
        }
        return sums;
    }
}
