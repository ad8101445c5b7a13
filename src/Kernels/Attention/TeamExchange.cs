using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Reductions over the 16 neighbouring threads that share rows of a tile; all of them get the result.</summary>
internal interface ITeamExchange
{
    /// <param name="value">Component r belongs to row r of the thread.</param>
    /// <param name="scratch">Shared memory, a quad per thread of the group.</param>
    static abstract Float4 Max(Float4 value, ArrayView<Float4> scratch);

    /// <inheritdoc cref="Max"/>
    static abstract Float4 Sum(Float4 value, ArrayView<Float4> scratch);
}

/// <summary>Butterflies of shuffles within half a warp; ILGPU has none for OpenCL.</summary>
[ComputeCapability(5, 0)]
internal readonly struct WarpHalves : ITeamExchange
{
    public static Float4 Max(Float4 value, ArrayView<Float4> scratch) => new() { X = Max(value.X), Y = Max(value.Y), Z = Max(value.Z), W = Max(value.W) };

    public static Float4 Sum(Float4 value, ArrayView<Float4> scratch) => new() { X = Sum(value.X), Y = Sum(value.Y), Z = Sum(value.Z), W = Sum(value.W) };

    private static float Max(float value)
    {
        value = TeamScores.Larger(value, Warp.ShuffleXor(value, 8));
        value = TeamScores.Larger(value, Warp.ShuffleXor(value, 4));
        value = TeamScores.Larger(value, Warp.ShuffleXor(value, 2));
        return TeamScores.Larger(value, Warp.ShuffleXor(value, 1));
    }

    private static float Sum(float value)
    {
        value += Warp.ShuffleXor(value, 8);
        value += Warp.ShuffleXor(value, 4);
        value += Warp.ShuffleXor(value, 2);
        return value + Warp.ShuffleXor(value, 1);
    }
}

/// <summary>Through shared memory: any GPU.</summary>
internal readonly struct SharedRows : ITeamExchange
{
    public static Float4 Max(Float4 value, ArrayView<Float4> scratch)
    {
        scratch[Group.IdxX] = value;
        Group.Barrier();
        int first = Group.IdxX / 16 * 16;
        var max = scratch[first];
        for (int i = 1; i < 16; i++) max = TeamScores.Larger(max, scratch[first + i]);
        Group.Barrier();
        return max;
    }

    public static Float4 Sum(Float4 value, ArrayView<Float4> scratch)
    {
        scratch[Group.IdxX] = value;
        Group.Barrier();
        int first = Group.IdxX / 16 * 16;
        var sum = scratch[first];
        for (int i = 1; i < 16; i++) sum = Float4.Add(sum, scratch[first + i]);
        Group.Barrier();
        return sum;
    }
}
