namespace GpuNets.Kernels;

/// <summary>y = sum_s w[s] x[s, :] over rows of so many columns, one step apart.</summary>
internal static class WeightedRows
{
    public static unsafe void Sum<TTeam>(float* w, float* x, float* y, int rows, int columns, int step) where TTeam : struct, ITeam
    {
        if (TTeam.Size > 1)
        {
            TTeam.Each(columns, new Column { W = w, X = x, Y = y, Rows = rows, Step = step });
            return;
        }
        // Row after row into the target, which stays in the first cache: vector code on hosts and PoCL. Four rows per pass, so that the
        // target is read and written a quarter as often.
        TTeam.Each(columns, new ClearBody { X = y });
        int s = 0;
        for (; s + 4 <= rows; s += 4)
            TTeam.Each(columns, new Four { X = x + s * step, Y = y, Step = step, W0 = w[s], W1 = w[s + 1], W2 = w[s + 2], W3 = w[s + 3] });
        for (; s < rows; s++) TTeam.Each(columns, new One { X = x + s * step, Y = y, W = w[s] });
    }

    private unsafe struct Column : IElementBody
    {
        public float* W, X, Y;
        public int Rows, Step;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int s = 0; s < Rows; s++) sum = T.MulAdd(T.Of(W[s]), T.Load(X, s * Step + i), sum);
            T.Store(Y, i, sum);
        }
    }

    private unsafe struct Four : IElementBody
    {
        public float* X, Y;
        public int Step;
        public float W0, W1, W2, W3;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.MulAdd(T.Of(W0), T.Load(X, i), T.Load(Y, i));
            sum = T.MulAdd(T.Of(W1), T.Load(X, i + Step), sum);
            sum = T.MulAdd(T.Of(W2), T.Load(X, i + 2 * Step), sum);
            T.Store(Y, i, T.MulAdd(T.Of(W3), T.Load(X, i + 3 * Step), sum));
        }
    }

    private unsafe struct One : IElementBody
    {
        public float* X, Y;
        public float W;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.MulAdd(T.Of(W), T.Load(X, i), T.Load(Y, i)));
    }
}
