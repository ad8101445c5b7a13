namespace GpuNets.Kernels;

/// <summary>A <see cref="WarpTeam"/> whose threads take four neighbouring elements at once with 128-bit accesses.</summary>
internal readonly struct WarpFours : ITeam
{
    public static int Rank => WarpTeam.Rank;
    public static int Size => WarpTeam.Size;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        int whole = n & ~3;
        for (int i = 4 * WarpTeam.Rank; i < whole; i += 4 * WarpTeam.Width) body.At<LaneQuad>(i);
        for (int i = whole + WarpTeam.Rank; i < n; i += WarpTeam.Width) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        var sums = LaneQuad.Of(0f);
        for (int i = 4 * WarpTeam.Rank; i < whole; i += 4 * WarpTeam.Width) sums += map.At<LaneQuad>(i);
        float sum = LaneQuad.Sum(sums);
        for (int i = whole + WarpTeam.Rank; i < n; i += WarpTeam.Width) sum += map.At<Scalar>(i).Value;
        return WarpTeam.Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        int whole = n & ~3;
        LaneQuad firsts = LaneQuad.Of(0f), seconds = firsts;
        for (int i = 4 * WarpTeam.Rank; i < whole; i += 4 * WarpTeam.Width)
        {
            map.At(i, out LaneQuad a, out LaneQuad b);
            firsts += a;
            seconds += b;
        }
        first = LaneQuad.Sum(firsts);
        second = LaneQuad.Sum(seconds);
        for (int i = whole + WarpTeam.Rank; i < n; i += WarpTeam.Width)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        first = WarpTeam.Sum(first);
        second = WarpTeam.Sum(second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        float max = float.NegativeInfinity;
        for (int i = 4 * WarpTeam.Rank; i < whole; i += 4 * WarpTeam.Width) max = SerialTeam.Larger(max, LaneQuad.Max(map.At<LaneQuad>(i)));
        for (int i = whole + WarpTeam.Rank; i < n; i += WarpTeam.Width) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return WarpTeam.Max(max);
    }

    public static void Barrier() => WarpTeam.Barrier();
}
