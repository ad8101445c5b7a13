using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Which gradients a pass over the queries makes.</summary>
internal interface ITensorKeySide
{
    static abstract bool MakesKeys { get; }

    static abstract bool MakesValues { get; }
}

/// <summary>Keys.</summary>
internal readonly struct TensorKeySide : ITensorKeySide
{
    public static bool MakesKeys => true;
    public static bool MakesValues => false;
}

/// <summary>Values.</summary>
internal readonly struct TensorValueSide : ITensorKeySide
{
    public static bool MakesKeys => false;
    public static bool MakesValues => true;
}

/// <summary>Both at once, for heads whose sums fit the registers.</summary>
internal readonly struct TensorBothSides : ITensorKeySide
{
    public static bool MakesKeys => true;
    public static bool MakesValues => true;
}

/// <summary>
/// The gradients of keys and values on tensor cores: a group takes 64 keys, a warp 16 of them, and walks over the queries that see them, so that
/// every gradient has one writer, which adds in order. Scores are turned: their rows are keys, so that again they need not change place.
/// </summary>
[ComputeCapability(8, 0)]
internal struct TensorAttentionKeys<TSide, THead> : IGridKernel where TSide : struct, ITensorKeySide where THead : struct, ITensorHead
{
    public TensorInputs Inputs;
    public TensorOperand OutputGradient;

    /// <summary>See <see cref="TensorStatistics"/>.</summary>
    public ArrayView<float> Statistics;
    public TensorResult KeyGradient, ValueGradient;

    public readonly void Run()
    {
        var rule = Inputs.Inputs.Rule;
        var pair = Inputs.Inputs.Pair(Grid.IdxY);
        var scores = new TensorScores(pair.Scores);
        float exponent = scores.Exponent;
        int k0 = Grid.IdxX * TensorStages<THead>.Rows, length = pair.Scores.Length, firstKey = k0 + Group.IdxX / WarpThreads.Width * 16;
        int key = firstKey + TensorRows.Lane / 4;
        // Queries from which on the group's first key is seen, the warp's first and last, and the lane's two.
        int start = rule.FirstQuery(length, k0), warpStart = rule.FirstQuery(length, firstKey), whole = rule.FirstQuery(length, firstKey + 15);
        int first = rule.FirstQuery(length, key), first8 = rule.FirstQuery(length, key + 8);
        start = start < rule.Queries ? start / THead.Lines * THead.Lines : rule.Queries;
        var keys = TensorHeadRows.Load<THead>(Inputs.Key.Of<THead>(pair.Pair), key);
        TensorHeadRows values = default;
        if (TSide.MakesKeys) values = TensorHeadRows.Load<THead>(Inputs.Value.Of<THead>(pair.Pair), key);
        var statistics = Statistics.Cast<Float4>();
        int row = pair.Pair * TensorOperand.Padded(rule.Queries);
        var stages = TensorStages<THead>.Start(Inputs.Query.Of<THead>(pair.Pair), OutputGradient.Of<THead>(pair.Pair), start, rule.Queries);
        var shared = stages.Shared;
        int lines = TensorRows.PlaceLines<THead>(), sums = TensorRows.PlaceSums<THead>();
        TensorHeadSums keyGradient = default, valueGradient = default;
        for (int t0 = start; t0 < rule.Queries; t0 += THead.Lines)
        {
            int stage = stages.Turn(t0 + THead.Lines, rule.Queries);
            for (int t = t0; t < t0 + THead.Lines; t += 32)
            {
                if (t + 31 >= warpStart && t < rule.Queries)
                {
                    int column = t + 2 * (TensorRows.Lane & 3);
                    var queries = TensorSlopes.Load(statistics, row + t);
                    var p = TensorHeadRows.Products<THead>(keys, shared, stage + lines);
                    if (scores.IsEarly || t < whole) p = TensorScores.Columns(scores, p, key, column, first, first8);
                    p = TensorSlopes.Weights(p, exponent, queries);
                    if (TSide.MakesKeys)
                    {
                        var d = TensorHeadRows.Products<THead>(values, shared, stage + lines + TensorStages<THead>.Second);
                        if (rule.HasDropout != 0) d = TensorScores.DropColumns(scores, d, key, column);
                        d = TensorSlopes.Columns(p, d, queries);
                        keyGradient = TensorHeadSums.Add<THead>(keyGradient, TensorRows.Round(d), shared, stage + sums);
                    }
                    if (TSide.MakesValues)
                    {
                        if (rule.HasDropout != 0) p = TensorScores.DropColumns(scores, p, key, column);
                        valueGradient = TensorHeadSums.Add<THead>(valueGradient, TensorRows.Round(p), shared, stage + sums + TensorStages<THead>.Second);
                    }
                }
                stage += 32 * TensorRows.Pitch<THead>();
            }
        }
        if (TSide.MakesKeys)
            KeyGradient.Store<THead>(TensorHeadSums.Scale<THead>(keyGradient, rule.Scale, rule.Scale), pair, firstKey, rule.Keys, Inputs.Inputs.Size);
        if (TSide.MakesValues) ValueGradient.Store<THead>(valueGradient, pair, firstKey, rule.Keys, Inputs.Inputs.ValueSize);
    }
}
