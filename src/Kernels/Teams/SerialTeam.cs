using ILGPU.Algorithms;

namespace GpuNets.Kernels;

/// <summary>One thread does the whole row. Reductions keep eight accumulators, which OpenCL's CPU compiler turns into vectors.</summary>
internal readonly struct SerialTeam : ITeam
{
    public static int Rank => 0;
    public static int Size => 1;

    public static void Each<TBody>(int n, TBody body) where TBody : struct, IElementBody
    {
        for (int i = 0; i < n; i++) body.At<Scalar>(i);
    }

    public static float Sum<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0;
        int i = 0;
        for (; i + 8 <= n; i += 8)
        {
            a += map.At<Scalar>(i).Value;
            b += map.At<Scalar>(i + 1).Value;
            c += map.At<Scalar>(i + 2).Value;
            d += map.At<Scalar>(i + 3).Value;
            e += map.At<Scalar>(i + 4).Value;
            f += map.At<Scalar>(i + 5).Value;
            g += map.At<Scalar>(i + 6).Value;
            h += map.At<Scalar>(i + 7).Value;
        }
        float sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
        for (; i < n; i++) sum += map.At<Scalar>(i).Value;
        return sum;
    }

    public static float Max<TMap>(int n, TMap map) where TMap : struct, IElementMap
    {
        float a = map.At<Scalar>(0).Value, b = a, c = a, d = a;
        int i = 1;
        for (; i + 4 <= n; i += 4)
        {
            a = Larger(a, map.At<Scalar>(i).Value);
            b = Larger(b, map.At<Scalar>(i + 1).Value);
            c = Larger(c, map.At<Scalar>(i + 2).Value);
            d = Larger(d, map.At<Scalar>(i + 3).Value);
        }
        for (; i < n; i++) a = Larger(a, map.At<Scalar>(i).Value);
        return Larger(Larger(a, b), Larger(c, d));
    }

    public static void Barrier() { }

    internal static float Larger(float a, float b) => LaneMath.Max(new Scalar(a), new Scalar(b)).Value;
}
