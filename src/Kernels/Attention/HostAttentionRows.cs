using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>
/// What the host does with rows of a tile of scores. Rows have room up to a multiple of the register width; what lies behind the keys
/// that a query sees becomes zero, so that products may run over whole tiles.
/// </summary>
internal static unsafe class HostAttentionRows<T> where T : struct, ILane<T>
{
    // Loops are compiled on their own, as in SimdTeam.
    private const MethodImplOptions LoopRoot = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>
    /// One step of the online softmax: turns n scores into e^(x - max) with the largest score so far, zeros up to
    /// <paramref name="fill"/>, and takes them into the running maximum and sum.
    /// </summary>
    /// <returns>What the sums over earlier keys are to be multiplied with.</returns>
    [MethodImpl(LoopRoot)]
    public static float Forward(float* x, int n, int fill, ref float max, ref float sum)
    {
        int whole = (n + T.Count - 1) / T.Count * T.Count;
        for (int i = n; i < whole; i++) x[i] = float.NegativeInfinity;
        T largest = T.Of(max);
        for (int i = 0; i < whole; i += T.Count) largest = LaneMath.Max(T.Load(x, i), largest);
        float before = max;
        max = whole == 0 ? before : T.Max(largest);
        // A row whose keys all have a bias of -infinity: any finite shift gives zeros.
        float shift = max == float.NegativeInfinity ? 0f : max;
        T a = T.Of(0f), b = a;
        int at = 0;
        for (; at + 2 * T.Count <= whole; at += 2 * T.Count)
        {
            T p = LaneMath.Exp(T.Load(x, at) - T.Of(shift)), q = LaneMath.Exp(T.Load(x, at + T.Count) - T.Of(shift));
            T.Store(x, at, p);
            T.Store(x, at + T.Count, q);
            a += p;
            b += q;
        }
        if (at < whole)
        {
            T p = LaneMath.Exp(T.Load(x, at) - T.Of(shift));
            T.Store(x, at, p);
            a += p;
        }
        for (int i = n; i < fill; i++) x[i] = 0f;
        float decay = LaneMath.Exp(new Scalar(before - shift)).Value;
        sum = sum * decay + T.Sum(a + b);
        return decay;
    }

    /// <summary>
    /// From scores x and products of the output's gradient with values d: p = e^(x - max) / sum and d = p (d - delta), then p with dropout.
    /// </summary>
    [MethodImpl(LoopRoot)]
    public static void Backward(float* x, float* d, int n, int fill, float max, float inverse, float delta)
    {
        for (int i = 0; i < n; i += T.Count)
        {
            T p = LaneMath.Exp(T.Load(x, i) - T.Of(max)) * T.Of(inverse);
            T.Store(x, i, p);
            T.Store(d, i, p * (T.Load(d, i) - T.Of(delta)));
        }
        for (int i = n; i < fill; i++) x[i] = d[i] = 0f;
    }

    /// <summary>The same with a mask of dropout, which changes d before and p after.</summary>
    [MethodImpl(LoopRoot)]
    public static void Backward(float* x, float* d, float* mask, int n, int fill, float max, float inverse, float delta)
    {
        for (int i = 0; i < n; i += T.Count)
        {
            T p = LaneMath.Exp(T.Load(x, i) - T.Of(max)) * T.Of(inverse), m = T.Load(mask, i);
            T.Store(x, i, p * m);
            T.Store(d, i, p * (T.Load(d, i) * m - T.Of(delta)));
        }
        for (int i = n; i < fill; i++) x[i] = d[i] = 0f;
    }

    /// <summary>y *= x, within the room of a row.</summary>
    [MethodImpl(LoopRoot)]
    public static void Multiply(float* y, float* x, int n)
    {
        for (int i = 0; i < n; i += T.Count) T.Store(y, i, T.Load(y, i) * T.Load(x, i));
    }

    /// <summary>
    /// y = (load ? y : 0) + sum_s w[s] v[s, :] for four registers of columns: one query, whose values are read in long pieces, with two sums per
    /// register, so that additions do not wait for each other.
    /// </summary>
    [MethodImpl(LoopRoot)]
    public static void Weighted(float* w, int n, float* v, nint step, float* y, bool load)
    {
        T a0 = T.Of(0f), a1 = a0, a2 = a0, a3 = a0, b0 = a0, b1 = a0, b2 = a0, b3 = a0;
        int s = 0;
        for (; s + 2 <= n; s += 2, v += 2 * step)
        {
            T even = T.Of(w[s]), odd = T.Of(w[s + 1]);
            a0 = T.MulAdd(even, T.Load(v, 0), a0);
            a1 = T.MulAdd(even, T.Load(v, T.Count), a1);
            a2 = T.MulAdd(even, T.Load(v, 2 * T.Count), a2);
            a3 = T.MulAdd(even, T.Load(v, 3 * T.Count), a3);
            b0 = T.MulAdd(odd, T.Load(v + step, 0), b0);
            b1 = T.MulAdd(odd, T.Load(v + step, T.Count), b1);
            b2 = T.MulAdd(odd, T.Load(v + step, 2 * T.Count), b2);
            b3 = T.MulAdd(odd, T.Load(v + step, 3 * T.Count), b3);
        }
        if (s < n)
        {
            T last = T.Of(w[s]);
            a0 = T.MulAdd(last, T.Load(v, 0), a0);
            a1 = T.MulAdd(last, T.Load(v, T.Count), a1);
            a2 = T.MulAdd(last, T.Load(v, 2 * T.Count), a2);
            a3 = T.MulAdd(last, T.Load(v, 3 * T.Count), a3);
        }
        Store(y, a0 + b0, load);
        Store(y + T.Count, a1 + b1, load);
        Store(y + 2 * T.Count, a2 + b2, load);
        Store(y + 3 * T.Count, a3 + b3, load);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* y, T sum, bool load) => T.Store(y, 0, load ? T.Load(y, 0) + sum : sum);

    /// <summary>y += x for exactly n elements.</summary>
    public static void Add(float* y, float* x, int n) => SimdTeam<T>.Range(0, n, new CopyBody<Accumulate> { X = x, Y = y });

    /// <summary>y = factor x for exactly n elements; x may be y.</summary>
    public static void Scale(float* y, float* x, int n, float factor) => SimdTeam<T>.Range(0, n, new ScaleBody { X = x, Y = y, Factor = factor });

    /// <summary>y = 0 for exactly n elements.</summary>
    public static void Clear(float* y, int n) => new Span<float>(y, n).Clear();

    /// <summary>The sum of x y.</summary>
    public static float Dot(float* x, float* y, int n) => SimdTeam<T>.Sum(n, new ProductMap { X = x, Y = y });

    private struct ScaleBody : IElementBody
    {
        public float* X, Y;
        public float Factor;

        public readonly void At<TLane>(int i) where TLane : struct, ILane<TLane> => TLane.Store(Y, i, TLane.Load(X, i) * TLane.Of(Factor));
    }
}

/// <summary>x[i] y[i].</summary>
internal unsafe struct ProductMap : IElementMap
{
    public float* X, Y;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i) * T.Load(Y, i);
}
