using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Backward, a team per sample, which takes its queries in order: dw[s] = dc . values[s], de = w (dw - sum w dw), dvalues[s] += w[s] dc, and with
/// u = tanh(q + k[s]), computed again, g = de[s] v (1 - u^2): dq += g, dk[s] += g, dv += de[s] u. The gradient of v is per sample; its sum
/// over them is <see cref="ColumnSums"/>. A member of a team works on the same features throughout.
/// </summary>
internal struct AdditiveAttentionBackward : IRowKernel
{
    public ArrayView<float> Query, Key, V, Value, Weights, ContextGradient;
    public ArrayView<float> QueryGradient, KeyGradient, ValueGradient;

    /// <summary>The gradient of v by sample, [batch, units], and scratch [batch, keys] and [batch, units].</summary>
    public ArrayView<float> VPartial, Slopes, Scratch;
    public ArrayView<int> Lengths;
    public AdditiveAttentionSize Size;

    /// <summary>0: not wanted; 1: overwrite; 2: add.</summary>
    public int KeyMode, ValueMode;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int n = Size.Length(Lengths, row), units = Size.Units;
        float* partial = VPartial.Ptr() + row * units, slopes = Slopes.Ptr() + row * Size.Keys, u = Scratch.Ptr() + row * units;
        int firstKey = row * Size.Keys * units, firstValue = row * Size.Keys * Size.ValueSize;
        TTeam.Each(units, new ClearBody { X = partial });
        if (KeyMode == 1) TTeam.Each(Size.Keys * units, new ClearBody { X = KeyGradient.Ptr() + firstKey });
        if (ValueMode == 1) TTeam.Each(Size.Keys * Size.ValueSize, new ClearBody { X = ValueGradient.Ptr() + firstValue });
        for (int t = 0; t < Size.Queries; t++)
        {
            int at = row * Size.Queries + t;
            float* weights = Weights.Ptr() + at * Size.Keys, given = ContextGradient.Ptr() + at * Size.ValueSize;
            float* query = Query.Ptr() + at * units, queryGradient = QueryGradient.Ptr() + at * units;
            TTeam.Barrier();
            for (int s = 0; s < n; s++)
            {
                float slope = TTeam.Sum(Size.ValueSize, new ProductMap { X = given, Y = Value.Ptr() + firstValue + s * Size.ValueSize });
                if (TTeam.Rank == 0) slopes[s] = slope;
            }
            TTeam.Barrier();
            float mean = TTeam.Sum(n, new ProductMap { X = weights, Y = slopes });
            TTeam.Each(units, new ClearBody { X = queryGradient });
            for (int s = 0; s < n; s++)
            {
                if (ValueMode != 0)
                    TTeam.Each(Size.ValueSize, new AddScaled { X = given, Y = ValueGradient.Ptr() + firstValue + s * Size.ValueSize, Factor = weights[s] });
                // A pass of its own: tanh is long, and the inliner's budget short.
                TTeam.Each(units, new TanhOfSum { X = query, Y = Key.Ptr() + firstKey + s * units, U = u });
                var body = new Units
                {
                    U = u,
                    V = V.Ptr(),
                    QueryGradient = queryGradient,
                    VGradient = partial,
                    Slope = weights[s] * (slopes[s] - mean),
                };
                if (KeyMode != 0) TTeam.Each(units, new UnitsAndKey { Units = body, KeyGradient = KeyGradient.Ptr() + firstKey + s * units });
                else TTeam.Each(units, body);
            }
        }
    }

    private unsafe struct AddScaled : IElementBody
    {
        public float* X, Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, T.MulAdd(T.Of(Factor), T.Load(X, i), T.Load(Y, i)));
    }

    private unsafe struct TanhOfSum : IElementBody
    {
        public float* X, Y, U;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(U, i, LaneMath.Tanh(T.Load(X, i) + T.Load(Y, i)));
    }

    private unsafe struct Units : IElementBody
    {
        public float* U, V, QueryGradient, VGradient;
        public float Slope;

        public readonly void At<T>(int i) where T : struct, ILane<T> => Gradient<T>(i);

        /// <summary>g, which is also that of the key.</summary>
        public readonly T Gradient<T>(int i) where T : struct, ILane<T>
        {
            T u = T.Load(U, i);
            T g = T.Of(Slope) * T.Load(V, i) * (T.Of(1f) - u * u);
            T.Store(QueryGradient, i, T.Load(QueryGradient, i) + g);
            T.Store(VGradient, i, T.MulAdd(T.Of(Slope), u, T.Load(VGradient, i)));
            return g;
        }
    }

    private unsafe struct UnitsAndKey : IElementBody
    {
        public Units Units;
        public float* KeyGradient;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(KeyGradient, i, T.Load(KeyGradient, i) + Units.Gradient<T>(i));
    }
}
