using ILGPU;

namespace GpuNets.Kernels;

/// <summary>What a thread loads of one operand: two chunks per stage.</summary>
internal struct TensorPlace
{
    /// <summary>The element of the operand that comes next, what to add to it per stage, and the second chunk's (where lines are not neighbours).</summary>
    public int First, Step, Second;

    /// <summary>The k of the first, and how many of a chunk's lines exist (where lines are neighbours).</summary>
    public int K, Lines;

    /// <summary>Where the first goes in a stage; the second goes 256 chunks behind it.</summary>
    public int Target;
}

/// <summary>Two chunks on their way from global to shared memory.</summary>
internal struct HeldChunks
{
    public Float4 A, B, C, D;
}

/// <summary>
/// How a group of 256 threads copies slices of an operand to shared memory, rounding each number once, and how a warp reads fragments.
/// Lines beyond the matrix repeat the last one or read as zero (their sums are not stored); k beyond the end reads as zero.
/// </summary>
internal interface ITensorSide
{
    /// <summary>The place of a thread: lines from <paramref name="first"/> on, k from <paramref name="k"/> on.</summary>
    static abstract TensorPlace Place<TFormat>(int thread, int first, int lines, int step, int k) where TFormat : struct, ITensorFormat;

    /// <summary>Loads the thread's part of the next stage and moves on; <paramref name="end"/> is one beyond the last k.</summary>
    static abstract HeldChunks Next<TFormat, TAccess>(ArrayView<float> view, ref TensorPlace place, int end)
        where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess;

    /// <summary>The place of a lane in a stage, for the fragments of the left or right operand; <paramref name="line"/> is the warp's first.</summary>
    static abstract int PlaceLeft<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat;

    /// <inheritdoc cref="PlaceLeft"/>
    static abstract int PlaceRight<TFormat>(int lane, int line) where TFormat : struct, ITensorFormat;

    /// <summary>16 lines by one step of the left operand.</summary>
    static abstract UInt4 Left<TFormat>(ArrayView<UInt4> shared, int stage, int place, int tile, int step) where TFormat : struct, ITensorFormat;

    /// <summary>Twice 8 lines by one step of the right operand.</summary>
    static abstract UInt4 Right<TFormat>(ArrayView<UInt4> shared, int stage, int place, int pair, int step) where TFormat : struct, ITensorFormat;
}
