using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Which samples, heads and queries the rows of a block of scores belong to.</summary>
internal struct AttentionBlockPlace
{
    public int FirstSample, FirstHead, FirstQuery, Samples, Heads, Queries;

    public readonly int Sample(int row) => FirstSample + row / Queries / Heads;

    public readonly int Head(int row) => FirstHead + row / Queries % Heads;

    public readonly int Query(int row) => FirstQuery + row % Queries;
}

/// <summary>The place of an operand, for kernels.</summary>
internal readonly struct AttentionPlace(in AttentionOperand operand)
{
    public readonly int Offset = operand.Offset, Batch = operand.Batch, Head = operand.Head, Time = operand.Time;

    public int Row(int sample, int head, int t) => Offset + sample * Batch + head * Head + t * Time;
}

/// <summary>
/// Scores to weights in place, a team per row: softmax(scale x + bias) over the keys that the query sees, then dropout; zeros elsewhere.
/// Passes of their own, as in <see cref="SoftmaxForward"/>.
/// </summary>
internal struct AttentionSoftmax : IRowKernel
{
    public ArrayView<float> Scores, Softmax, Bias;
    public ArrayView<int> Lengths;
    public AttentionRule Rule;
    public AttentionBlockPlace Block;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int sample = Block.Sample(row), t = Block.Query(row), pair = sample * Rule.Heads + Block.Head(row), length = Rule.Keys;
        if (Rule.HasLengths != 0) length = Lengths.Ptr()[sample];
        int n = Rule.Visible(length, t);
        float* x = Scores.Ptr() + row * Rule.Keys;
        AttentionScores.Scale<TTeam>(x, n, Rule, Bias, pair, t);
        TTeam.Barrier();
        float max = float.NegativeInfinity;
        if (n > 0) max = TTeam.Max(n, new RowValues { X = x });
        float shift = DeviceMath.IfEqual(max, float.NegativeInfinity, 0f, max);
        TTeam.Each(n, new Exponential { X = x, Shift = shift });
        TTeam.Barrier();
        float sum = TTeam.Sum(n, new RowValues { X = x });
        float factor = DeviceMath.IfEqual(sum, 0f, 0f, 1f / sum);
        if (Rule.HasDropout != 0) TTeam.Each(n, new Drop { X = x, Factor = factor, Rule = Rule, Pair = pair, Query = t });
        else TTeam.Each(n, new Multiply { X = x, Factor = factor });
        TTeam.Each(Rule.Keys - n, new ClearBody { X = x + n });
        if (TTeam.Rank == 0)
        {
            float* kept = Softmax.Ptr() + 2 * (pair * Rule.Queries + t);
            kept[0] = DeviceMath.IfEqual(sum, 0f, float.PositiveInfinity, shift);
            kept[1] = factor;
        }
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

    private unsafe struct Drop : IElementBody
    {
        public float* X;
        public float Factor;
        public AttentionRule Rule;
        public int Pair, Query;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++) X[lane] = X[lane] * Factor * Rule.Mask(Pair, Query, lane);
        }
    }
}

/// <summary>Scores as they come from a product: scale x, plus the bias.</summary>
internal static class AttentionScores
{
    public static unsafe void Scale<TTeam>(float* x, int n, AttentionRule rule, ArrayView<float> bias, int pair, int t) where TTeam : struct, ITeam
    {
        if (rule.HasBias != 0) TTeam.Each(n, new Biased { X = x, Bias = bias.Ptr() + rule.BiasRow(pair, t), Scale = rule.Scale });
        else TTeam.Each(n, new Scaled { X = x, Factor = rule.Scale });
    }

    private unsafe struct Biased : IElementBody
    {
        public float* X, Bias;
        public float Scale;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, T.MulAdd(T.Load(X, i), T.Of(Scale), T.Load(Bias, i)));
    }

    private unsafe struct Scaled : IElementBody
    {
        public float* X;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, T.Load(X, i) * T.Of(Factor));
    }
}

/// <summary>x = 0.</summary>
internal unsafe struct ClearBody : IElementBody
{
    public float* X;

    public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, T.Of(0f));
}
