using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>One host core and its SIMD lanes: the widest register first, then 8 and 4 lanes, then single elements.</summary>
/// <typeparam name="TWide">The widest lane that the host has.</typeparam>
internal readonly struct SimdTeam<TWide> : ITeam where TWide : struct, ILane<TWide>
{
    public static int Rank => 0;
    public static int Size => 1;

    // Loops are compiled on their own: inlined into a long kernel, the inliner runs out of budget within their bodies and each lane
    // operation becomes a call (softmax over 4096 columns: 1.7 times as slow).
    private const MethodImplOptions LoopRoot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody => Range(0, n, body);

    /// <summary>Runs the body for elements start..end-1.</summary>
    [MethodImpl(LoopRoot)]
    public static void Range<TBody>(int start, int end, TBody body) where TBody : struct, IElementBody
    {
        int i = start;
        for (; i + TWide.Count <= end; i += TWide.Count) body.At<TWide>(i);
        if (TWide.Count > 8 && i + 8 <= end) { body.At<Lane256>(i); i += 8; }
        if (TWide.Count > 4 && i + 4 <= end) { body.At<Lane128>(i); i += 4; }
        for (; i < end; i++) body.At<Scalar>(i);
    }

    [MethodImpl(LoopRoot)]
    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        int i = 0;
        TWide a = TWide.Of(0f), b = a, c = a, d = a;
        for (; i + 4 * TWide.Count <= n; i += 4 * TWide.Count)
        {
            a += map.At<TWide>(i);
            b += map.At<TWide>(i + TWide.Count);
            c += map.At<TWide>(i + 2 * TWide.Count);
            d += map.At<TWide>(i + 3 * TWide.Count);
        }
        for (; i + TWide.Count <= n; i += TWide.Count) a += map.At<TWide>(i);
        float sum = TWide.Sum((a + b) + (c + d));
        if (TWide.Count > 8 && i + 8 <= n) { sum += Lane256.Sum(map.At<Lane256>(i)); i += 8; }
        if (TWide.Count > 4 && i + 4 <= n) { sum += Lane128.Sum(map.At<Lane128>(i)); i += 4; }
        for (; i < n; i++) sum += map.At<Scalar>(i).Value;
        return sum;
    }

    [MethodImpl(LoopRoot)]
    public static void Sums<TMap>(int n, TMap map, out float first, out float second) where TMap : struct, IElementPair
    {
        int i = 0;
        TWide a = TWide.Of(0f), b = a, c = a, d = a, one, two;
        for (; i + 2 * TWide.Count <= n; i += 2 * TWide.Count)
        {
            map.At(i, out one, out two);
            a += one;
            b += two;
            map.At(i + TWide.Count, out one, out two);
            c += one;
            d += two;
        }
        if (i + TWide.Count <= n)
        {
            map.At(i, out one, out two);
            a += one;
            b += two;
            i += TWide.Count;
        }
        first = TWide.Sum(a + c);
        second = TWide.Sum(b + d);
        if (TWide.Count > 8 && i + 8 <= n)
        {
            map.At(i, out Lane256 x, out Lane256 y);
            first += Lane256.Sum(x);
            second += Lane256.Sum(y);
            i += 8;
        }
        if (TWide.Count > 4 && i + 4 <= n)
        {
            map.At(i, out Lane128 x, out Lane128 y);
            first += Lane128.Sum(x);
            second += Lane128.Sum(y);
            i += 4;
        }
        for (; i < n; i++)
        {
            map.At(i, out Scalar x, out Scalar y);
            first += x.Value;
            second += y.Value;
        }
    }

    [MethodImpl(LoopRoot)]
    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float max = map.At<Scalar>(0).Value;
        int i = 0;
        if (n >= TWide.Count)
        {
            TWide a = map.At<TWide>(0);
            for (i = TWide.Count; i + TWide.Count <= n; i += TWide.Count) a = LaneMath.Max(a, map.At<TWide>(i));
            max = TWide.Max(a);
        }
        if (TWide.Count > 8 && i + 8 <= n) { max = SerialTeam.Larger(max, Lane256.Max(map.At<Lane256>(i))); i += 8; }
        if (TWide.Count > 4 && i + 4 <= n) { max = SerialTeam.Larger(max, Lane128.Max(map.At<Lane128>(i))); i += 4; }
        for (; i < n; i++) max = SerialTeam.Larger(max, map.At<Scalar>(i).Value);
        return max;
    }

    public static void Barrier() { }
}
