using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Backward of a row of scores, in place: from scores x and products d of the output's gradient with the values, the weights
/// p = e^(scale x + bias - max) / sum with dropout, and the gradients of the scores p (d - delta), times a factor; zeros where the query sees
/// no key.
/// </summary>
internal struct AttentionSlopes : IRowKernel
{
    public ArrayView<float> Scores, Slopes, Softmax, Deltas, Bias;
    public ArrayView<int> Lengths;
    public AttentionRule Rule;
    public AttentionBlockPlace Block;
    public float Scale;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int sample = Block.Sample(row), t = Block.Query(row), pair = sample * Rule.Heads + Block.Head(row), length = Rule.Keys;
        if (Rule.HasLengths != 0) length = Lengths.Ptr()[sample];
        int n = Rule.Visible(length, t);
        float* x = Scores.Ptr() + row * Rule.Keys, d = Slopes.Ptr() + row * Rule.Keys;
        int at = pair * Rule.Queries + t;
        float max = Softmax.Ptr()[2 * at], inverse = Softmax.Ptr()[2 * at + 1], delta = Deltas.Ptr()[at];
        // A member works on the same keys in every pass: no barrier is needed.
        AttentionScores.Scale<TTeam>(x, n, Rule, Bias, pair, t);
        TTeam.Each(n, new Exponential { X = x, Max = max, Inverse = inverse });
        if (Rule.HasDropout != 0) TTeam.Each(n, new Drop { X = x, D = d, Delta = delta, Scale = Scale, Rule = Rule, Pair = pair, Query = t });
        else TTeam.Each(n, new Slope { X = x, D = d, Delta = delta, Scale = Scale });
        TTeam.Each(Rule.Keys - n, new ClearBody { X = x + n });
        TTeam.Each(Rule.Keys - n, new ClearBody { X = d + n });
    }

    private unsafe struct Exponential : IElementBody
    {
        public float* X;
        public float Max, Inverse;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(X, i, LaneMath.Exp(T.Load(X, i) - T.Of(Max)) * T.Of(Inverse));
    }

    private unsafe struct Slope : IElementBody
    {
        public float* X, D;
        public float Delta, Scale;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(D, i, T.Load(X, i) * (T.Load(D, i) - T.Of(Delta)) * T.Of(Scale));
    }

    private unsafe struct Drop : IElementBody
    {
        public float* X, D;
        public float Delta, Scale;
        public AttentionRule Rule;
        public int Pair, Query;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                float mask = Rule.Mask(Pair, Query, lane), p = X[lane];
                D[lane] = p * (D[lane] * mask - Delta) * Scale;
                X[lane] = p * mask;
            }
        }
    }
}

/// <summary>Adds the score gradients of the pairs of a block that share a row of the bias to the gradient of that row, in order.</summary>
internal struct AttentionBiasRows : IRowKernel
{
    public ArrayView<float> Slopes, Gradient;
    public AttentionRule Rule;
    public AttentionBlockPlace Block;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int t = row % Block.Queries, owner = row / Block.Queries, heads = Rule.BiasHead == 0 ? 1 : Block.Heads;
        int ownSample = owner / heads, ownHead = owner % heads;
        int firstSample = Rule.BiasBatch == 0 ? 0 : ownSample, endSample = Rule.BiasBatch == 0 ? Block.Samples : ownSample + 1;
        int firstHead = Rule.BiasHead == 0 ? 0 : ownHead, endHead = Rule.BiasHead == 0 ? Block.Heads : ownHead + 1;
        int pair = (Block.FirstSample + firstSample) * Rule.Heads + Block.FirstHead + firstHead;
        float* target = Gradient.Ptr() + Rule.BiasRow(pair, Block.FirstQuery + t);
        for (int sample = firstSample; sample < endSample; sample++)
            for (int head = firstHead; head < endHead; head++)
                TTeam.Each(
                    Rule.Keys, new CopyBody<Accumulate> { X = Slopes.Ptr() + ((sample * Block.Heads + head) * Block.Queries + t) * Rule.Keys, Y = target });
    }
}

/// <summary>delta = the sum of dO o over a row of the output.</summary>
internal struct AttentionDeltas : IRowKernel
{
    public ArrayView<float> Output, OutputGradient, Deltas;
    public AttentionPlace OutputPlace, GradientPlace;
    public int Size, Heads, Queries;

    public static void Launch(in AttentionSize size, in AttentionOperand output, in AttentionOperand outputGradient, DeviceBuffer deltas) => deltas.Device.ForRows(
        new AttentionDeltas
        {
            Output = output.Buffer.Floats,
            OutputGradient = outputGradient.Buffer.Floats,
            Deltas = deltas.Floats,
            OutputPlace = new(output),
            GradientPlace = new(outputGradient),
            Size = size.ValueSize,
            Heads = size.Heads,
            Queries = size.Queries,
        },
        size.Rows, size.ValueSize);

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int pair = row / Queries, t = row % Queries, sample = pair / Heads, head = pair % Heads;
        float delta = TTeam.Sum(Size, new ProductMap
        {
            X = Output.Ptr() + OutputPlace.Row(sample, head, t),
            Y = OutputGradient.Ptr() + GradientPlace.Row(sample, head, t),
        });
        if (TTeam.Rank == 0) Deltas.Ptr()[row] = delta;
    }
}
