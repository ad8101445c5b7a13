using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Sizes of an additive attention, as kernels take them.</summary>
internal struct AdditiveAttentionSize
{
    public int Batch, Queries, Keys, Units, ValueSize;

    /// <summary>1 if samples have lengths of their own; kernels take no bool.</summary>
    public int HasLengths;

    public readonly unsafe int Length(ArrayView<int> lengths, int sample)
    {
        int length = Keys;
        if (HasLengths != 0) length = lengths.Ptr()[sample];
        return length;
    }
}

/// <summary>
/// Forward of a query, a team per query: e[s] = v . tanh(q + k[s]), w = softmax(e) over the keys of the sample, c = sum w[s] values[s]. Keys
/// and values are read once; nothing but the weights is kept.
/// </summary>
internal struct AdditiveAttentionForward : IRowKernel
{
    public ArrayView<float> Query, Key, V, Value, Weights, Context;

    /// <summary>[batch, queries, units], for teams of one.</summary>
    public ArrayView<float> Scratch;
    public ArrayView<int> Lengths;
    public AdditiveAttentionSize Size;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int sample = row / Size.Queries, n = Size.Length(Lengths, sample);
        float* query = Query.Ptr() + row * Size.Units, keys = Key.Ptr() + sample * Size.Keys * Size.Units;
        float* values = Value.Ptr() + sample * Size.Keys * Size.ValueSize, weights = Weights.Ptr() + row * Size.Keys;
        float* context = Context.Ptr() + row * Size.ValueSize;
        for (int s = 0; s < n; s++)
        {
            var map = new Score { Query = query, Key = keys + s * Size.Units, V = V.Ptr() };
            float score;
            if (TTeam.Size > 1)
            {
                score = TTeam.Sum(Size.Units, map);
            }
            else
            {
                // A pass of its own: with four copies of it in the loop of a sum, the inliner runs out of budget within the tanh (23 ms
                // instead of 2 for 80 sentences of 50 words).
                float* terms = Scratch.Ptr() + row * Size.Units;
                TTeam.Each(Size.Units, new Terms { Map = map, Y = terms });
                score = TTeam.Sum(Size.Units, new RowValues { X = terms });
            }
            if (TTeam.Rank == 0) weights[s] = score;
        }
        TTeam.Barrier();
        float max = 0f;
        if (n > 0) max = TTeam.Max(n, new RowValues { X = weights });
        TTeam.Each(n, new Exponential { X = weights, Shift = max });
        TTeam.Barrier();
        float factor = 1f / TTeam.Sum(n, new RowValues { X = weights });
        TTeam.Each(n, new Multiply { X = weights, Factor = factor });
        TTeam.Each(Size.Keys - n, new ClearBody { X = weights + n });
        TTeam.Barrier();
        WeightedRows.Sum<TTeam>(weights, values, context, n, Size.ValueSize, Size.ValueSize);
    }

    private unsafe struct Score : IElementMap
    {
        public float* Query, Key, V;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(V, i) * LaneMath.Tanh(T.Load(Query, i) + T.Load(Key, i));
    }

    private unsafe struct Terms : IElementBody
    {
        public Score Map;
        public float* Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, Map.At<T>(i));
    }

    private unsafe struct Exponential : IElementBody
    {
        public float* X;
        public float Shift;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, LaneMath.Exp(T.Load(X, i) - T.Of(Shift)));
    }

    private unsafe struct Multiply : IElementBody
    {
        public float* X;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, T.Load(X, i) * T.Of(Factor));
    }
}
