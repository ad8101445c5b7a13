using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A <see cref="GroupTeam"/> whose threads take four neighbouring elements at once with 128-bit accesses.</summary>
internal readonly struct GroupFours : ITeam
{
    public static int Rank => GroupTeam.Rank;
    public static int Size => GroupTeam.Size;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        int whole = n & ~3;
        for (int i = 4 * Group.IdxX; i < whole; i += 4 * Group.DimX) body.At<LaneQuad>(i);
        for (int i = whole + Group.IdxX; i < n; i += Group.DimX) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        var sums = LaneQuad.Of(0f);
        for (int i = 4 * Group.IdxX; i < whole; i += 4 * Group.DimX) sums += map.At<LaneQuad>(i);
        float sum = LaneQuad.Sum(sums);
        for (int i = whole + Group.IdxX; i < n; i += Group.DimX) sum += map.At<Scalar>(i).Value;
        return GroupTeam.Sum(sum);
    }

    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        int whole = n & ~3;
        LaneQuad firsts = LaneQuad.Of(0f), seconds = firsts;
        for (int i = 4 * Group.IdxX; i < whole; i += 4 * Group.DimX)
        {
            map.At(i, out LaneQuad a, out LaneQuad b);
            firsts += a;
            seconds += b;
        }
        first = LaneQuad.Sum(firsts);
        second = LaneQuad.Sum(seconds);
        for (int i = whole + Group.IdxX; i < n; i += Group.DimX)
        {
            map.At(i, out Scalar a, out Scalar b);
            first += a.Value;
            second += b.Value;
        }
        GroupTeam.Sums(ref first, ref second);
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int whole = n & ~3;
        float max = float.NegativeInfinity;
        for (int i = 4 * Group.IdxX; i < whole; i += 4 * Group.DimX) max = SerialTeam.Larger(max, LaneQuad.Max(map.At<LaneQuad>(i)));
        for (int i = whole + Group.IdxX; i < n; i += Group.DimX) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return GroupTeam.Max(max);
    }

    public static void Barrier() => GroupTeam.Barrier();
}
