using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The 32 threads of a CUDA warp; several rows per group. Reductions are butterflies of shuffles: no shared memory.</summary>
internal readonly struct WarpThreads : IThreads
{
    public const int Width = 32;

    public static int Rank => Group.IdxX & (Width - 1);
    public static int Size => Width;

    public static void Barrier() => Warp.Barrier();

    public static float Sum(float value)
    {
        value += Warp.ShuffleXor(value, 16);
        value += Warp.ShuffleXor(value, 8);
        value += Warp.ShuffleXor(value, 4);
        value += Warp.ShuffleXor(value, 2);
        return value + Warp.ShuffleXor(value, 1);
    }

    public static void Sums(ref float first, ref float second)
    {
        first = Sum(first);
        second = Sum(second);
    }

    public static float Max(float value)
    {
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 16));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 8));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 4));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 2));
        return SerialTeam.Larger(value, Warp.ShuffleXor(value, 1));
    }
}
