namespace GpuNets.Kernels;

/// <summary>A <see cref="ThreadTeam{TThreads}"/> whose threads take four neighbouring elements at once with 128-bit accesses.</summary>
internal readonly struct ThreadFours<TThreads> : ITeam where TThreads : struct, IThreads
{
    public static int Rank => TThreads.Rank;
    public static int Size => TThreads.Size;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        int whole = n & ~3;
        for (int i = 4 * TThreads.Rank; i < whole; i += 4 * TThreads.Size) body.At<LaneQuad>(i);
        for (int i = whole + TThreads.Rank; i < n; i += TThreads.Size) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        var sums = LaneQuad.Of(0f);
        for (int i = 4 * TThreads.Rank; i < whole; i += 4 * TThreads.Size) sums += map.At<LaneQuad>(i);
        float sum = LaneQuad.Sum(sums);
        for (int i = whole + TThreads.Rank; i < n; i += TThreads.Size) sum += map.At<Scalar>(i).Value;
        return TThreads.Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        int whole = n & ~3;
        LaneQuad firsts = LaneQuad.Of(0f), seconds = firsts;
        for (int i = 4 * TThreads.Rank; i < whole; i += 4 * TThreads.Size)
        {
            map.At(i, out LaneQuad a, out LaneQuad b);
            firsts += a;
            seconds += b;
        }
        first = LaneQuad.Sum(firsts);
        second = LaneQuad.Sum(seconds);
        for (int i = whole + TThreads.Rank; i < n; i += TThreads.Size)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        TThreads.Sums(ref first, ref second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        float max = float.NegativeInfinity;
        for (int i = 4 * TThreads.Rank; i < whole; i += 4 * TThreads.Size) max = SerialTeam.Larger(max, LaneQuad.Max(map.At<LaneQuad>(i)));
        for (int i = whole + TThreads.Rank; i < n; i += TThreads.Size) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return TThreads.Max(max);
    }

    public static void Barrier() => TThreads.Barrier();
}
