using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// The host form for one row against a row-major B that is read once: eight registers of columns side by side, so that memory is read
/// in long pieces and the additions do not wait for each other.
/// </summary>
internal static unsafe class HostRow
{
    /// <summary>c[j] = (load ? c[j] : 0) + bias[j] + sum_k a[k] b[k, j] for 8 registers of columns, k ascending.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run<T>(int k, float* a, nint aStep, float* b, nint bStep, float* c, bool load, float* bias)
        where T : struct, ILane<T>
    {
        T s0 = T.Of(0f), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (int i = 0; i < k; i++, a += aStep, b += bStep)
        {
            var x = T.Of(*a);
            s0 = T.MulAdd(x, T.Load(b, 0), s0);
            s1 = T.MulAdd(x, T.Load(b, T.Count), s1);
            s2 = T.MulAdd(x, T.Load(b, 2 * T.Count), s2);
            s3 = T.MulAdd(x, T.Load(b, 3 * T.Count), s3);
            s4 = T.MulAdd(x, T.Load(b, 4 * T.Count), s4);
            s5 = T.MulAdd(x, T.Load(b, 5 * T.Count), s5);
            s6 = T.MulAdd(x, T.Load(b, 6 * T.Count), s6);
            s7 = T.MulAdd(x, T.Load(b, 7 * T.Count), s7);
        }
        Store<T>(c, s0, load, bias);
        Store<T>(c + T.Count, s1, load, bias == null ? null : bias + T.Count);
        Store<T>(c + 2 * T.Count, s2, load, bias == null ? null : bias + 2 * T.Count);
        Store<T>(c + 3 * T.Count, s3, load, bias == null ? null : bias + 3 * T.Count);
        Store<T>(c + 4 * T.Count, s4, load, bias == null ? null : bias + 4 * T.Count);
        Store<T>(c + 5 * T.Count, s5, load, bias == null ? null : bias + 5 * T.Count);
        Store<T>(c + 6 * T.Count, s6, load, bias == null ? null : bias + 6 * T.Count);
        Store<T>(c + 7 * T.Count, s7, load, bias == null ? null : bias + 7 * T.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<T>(float* c, T sum, bool load, float* bias)
        where T : struct, ILane<T>
    {
        if (load) sum = T.Load(c, 0) + sum;
        if (bias != null) sum = sum + T.Load(bias, 0);
        T.Store(c, 0, sum);
    }
}
