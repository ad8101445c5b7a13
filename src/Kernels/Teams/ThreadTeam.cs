namespace GpuNets.Kernels;

/// <summary>A team of threads that take elements in turn.</summary>
internal readonly struct ThreadTeam<TThreads> : ITeam where TThreads : struct, IThreads
{
    public static int Rank => TThreads.Rank;
    public static int Size => TThreads.Size;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        for (int i = TThreads.Rank; i < n; i += TThreads.Size) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float sum = 0;
        for (int i = TThreads.Rank; i < n; i += TThreads.Size) sum += map.At<Scalar>(i).Value;
        return TThreads.Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        first = 0;
        second = 0;
        for (int i = TThreads.Rank; i < n; i += TThreads.Size)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        TThreads.Sums(ref first, ref second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float max = float.NegativeInfinity;
        for (int i = TThreads.Rank; i < n; i += TThreads.Size) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return TThreads.Max(max);
    }

    public static void Barrier() => TThreads.Barrier();
}
