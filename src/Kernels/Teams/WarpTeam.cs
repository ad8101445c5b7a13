using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The 32 threads of a CUDA warp; several rows per group. Reductions are butterflies of shuffles: no shared memory.</summary>
internal readonly struct WarpTeam : ITeam
{
    public const int Width = 32;

    public static int Rank => Group.IdxX & (Width - 1);
    public static int Size => Width;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        for (int i = Rank; i < n; i += Width) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float sum = 0;
        for (int i = Rank; i < n; i += Width) sum += map.At<Scalar>(i).Value;
        return Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        first = 0;
        second = 0;
        for (int i = Rank; i < n; i += Width)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        first = Sum(first);
        second = Sum(second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float max = float.NegativeInfinity;
        for (int i = Rank; i < n; i += Width) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return Max(max);
    }

    public static void Barrier() => Warp.Barrier();

    internal static float Sum(float value)
    {
        value += Warp.ShuffleXor(value, 16);
        value += Warp.ShuffleXor(value, 8);
        value += Warp.ShuffleXor(value, 4);
        value += Warp.ShuffleXor(value, 2);
        return value + Warp.ShuffleXor(value, 1);
    }

    internal static float Max(float value)
    {
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 16));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 8));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 4));
        value = SerialTeam.Larger(value, Warp.ShuffleXor(value, 2));
        return SerialTeam.Larger(value, Warp.ShuffleXor(value, 1));
    }
}
