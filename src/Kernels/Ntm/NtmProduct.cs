namespace GpuNets.Kernels;

/// <summary>
/// y[j] = start + sum_k x[k] A[k, j] for a vector x: the product of a step's vector with a weight matrix. Lanes and threads run along j, so
/// that the rows of A are read as they lie. Four sums hide the latency of additions. Runs from weights in the second cache at its speed.
/// </summary>
internal unsafe struct NtmProduct : IElementBody
{
    private float* _x, _a, _y, _start;
    private int _terms, _leading;

    /// <summary>y = start + x A.</summary>
    /// <param name="x">x: [terms].</param>
    /// <param name="a">A: [terms, leading].</param>
    /// <param name="leading">Elements from one row of A to the next.</param>
    /// <param name="terms">Length of x.</param>
    /// <param name="y">y: [n].</param>
    /// <param name="start">[n]: a bias, or y itself to add to it.</param>
    /// <param name="n">Length of y.</param>
    public static void Run<TTeam>(float* x, float* a, int leading, int terms, float* y, float* start, int n) where TTeam : struct, ITeam =>
        TTeam.Each(n, new NtmProduct { _x = x, _a = a, _y = y, _start = start, _terms = terms, _leading = leading });

    public readonly void At<T>(int j) where T : struct, ILane<T>
    {
        float* x = _x, a = _a;
        T s0 = T.Load(_start, j), s1 = T.Of(0f), s2 = s1, s3 = s1;
        int k = 0, at = j;
        for (; k + 4 <= _terms; k += 4)
        {
            s0 = T.MulAdd(T.Of(x[k]), T.Load(a, at), s0);
            s1 = T.MulAdd(T.Of(x[k + 1]), T.Load(a, at + _leading), s1);
            s2 = T.MulAdd(T.Of(x[k + 2]), T.Load(a, at + 2 * _leading), s2);
            s3 = T.MulAdd(T.Of(x[k + 3]), T.Load(a, at + 3 * _leading), s3);
            at += 4 * _leading;
        }
        for (; k < _terms; k++)
        {
            s0 = T.MulAdd(T.Of(x[k]), T.Load(a, at), s0);
            at += _leading;
        }
        T.Store(_y, j, (s0 + s1) + (s2 + s3));
    }
}

/// <summary>y[i] = x[i].</summary>
internal unsafe struct NtmCopy : IElementBody
{
    public float* X, Y;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(X, i));

    public static void Run<TTeam>(float* x, float* y, int n) where TTeam : struct, ITeam => TTeam.Each(n, new NtmCopy { X = x, Y = y });
}

/// <summary>y[i] = value.</summary>
internal unsafe struct NtmFill : IElementBody
{
    public float* Y;
    public float Value;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Of(Value));

    public static void Run<TTeam>(float* y, float value, int n) where TTeam : struct, ITeam => TTeam.Each(n, new NtmFill { Y = y, Value = value });
}

/// <summary>y[i] += x[i].</summary>
internal unsafe struct NtmAdd : IElementBody
{
    public float* X, Y;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.Load(Y, i) + T.Load(X, i));

    public static void Run<TTeam>(float* x, float* y, int n) where TTeam : struct, ITeam => TTeam.Each(n, new NtmAdd { X = x, Y = y });
}
