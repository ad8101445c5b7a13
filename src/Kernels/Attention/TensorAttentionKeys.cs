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
/// <typeparam name="TSide">Which gradients.</typeparam>
/// <typeparam name="THead">Features of a head.</typeparam>
/// <typeparam name="TExtras">What there is besides masks.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorAttentionKeys<TSide, THead, TExtras> : IGridKernel
    where TSide : struct, ITensorKeySide where THead : struct, ITensorHead where TExtras : struct, ITensorExtras
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
        int k0 = Grid.IdxX * TensorStages<THead>.Rows, length = pair.Scores.Length, firstKey = k0 + Group.IdxX / WarpThreads.Width * 16;
        int key = firstKey + TensorRows.Lane / 4;
        // From where on queries see the group's first key, and all of its keys.
        int t = rule.FirstQuery(length, k0), whole = rule.FirstQuery(length, k0 + TensorStages<THead>.Rows - 1);
        t = t < rule.Queries ? t / THead.Lines * THead.Lines : rule.Queries;
        var walk = new Walk
        {
            Scores = new TensorScores<TExtras>(pair.Scores),
            Keys = TensorHeadRows.Load<THead>(Inputs.Key.Of<THead>(pair.Pair), key),
            Statistics = Statistics.Cast<Float4>(),
            Row = pair.Pair * TensorOperand.Padded(rule.Queries),
            Stages = TensorStages<THead>.Start(Inputs.Query.Of<THead>(pair.Pair), OutputGradient.Of<THead>(pair.Pair), t, rule.Queries),
            Key = key,
            WarpFirst = rule.FirstQuery(length, firstKey),
            First = rule.FirstQuery(length, key),
            First8 = rule.FirstQuery(length, key + 8),
            End = rule.Queries,
            Lines = TensorRows.PlaceLines<THead>(),
            Sums = TensorRows.PlaceSums<THead>(),
        };
        if (TSide.MakesKeys) walk.Values = TensorHeadRows.Load<THead>(Inputs.Value.Of<THead>(pair.Pair), key);
        for (; t < rule.Queries && t < whole; t += THead.Lines) walk.Add(t, isMasked: true);
        for (; t < rule.Queries; t += THead.Lines) walk.Add(t, isMasked: false);
        if (TSide.MakesKeys)
            KeyGradient.Store<THead>(TensorHeadSums.Scale<THead>(walk.KeyGradient, rule.Scale, rule.Scale), pair, firstKey, rule.Keys, Inputs.Inputs.Size);
        if (TSide.MakesValues) ValueGradient.Store<THead>(walk.ValueGradient, pair, firstKey, rule.Keys, Inputs.Inputs.ValueSize);
    }

    /// <summary>The walk over the queries.</summary>
    private struct Walk
    {
        public TensorScores<TExtras> Scores;
        public TensorHeadRows Keys, Values;
        public TensorHeadSums KeyGradient, ValueGradient;
        public TensorStages<THead> Stages;
        public ArrayView<Float4> Statistics;

        /// <summary>The pair's first row of statistics, the lane's first key, and the queries from which on it, its other and the warp's first are seen.</summary>
        public int Row, Key, First, First8, WarpFirst;

        public int End, Lines, Sums;

        /// <summary>Takes in a stage of queries.</summary>
        public void Add(int t, bool isMasked)
        {
            int stage = Stages.Turn(t + THead.Lines, End);
            Half(stage, t, isMasked);
            if (THead.Lines > 32) Half(stage + 32 * TensorRows.Pitch<THead>(), t + 32, isMasked);
        }

        private void Half(int stage, int t, bool isMasked)
        {
            // The others of the group may be seen, and half a stage may lie beyond the last query.
            if (isMasked && t + 31 < WarpFirst || t >= End) return;
            var shared = Stages.Shared;
            int column = t + 2 * (TensorRows.Lane & 3);
            var queries = TensorSlopes.Load(Statistics, Row + t);
            var p = TensorHeadRows.Products<THead>(Keys, shared, stage + Lines);
            if (isMasked || TExtras.Has) p = TensorScores<TExtras>.Columns(Scores, p, Key, column, First, First8);
            p = TensorSlopes.Weights(p, Scores.Exponent, queries);
            if (TSide.MakesKeys)
            {
                var d = TensorHeadRows.Products<THead>(Values, shared, stage + Lines + TensorStages<THead>.Second);
                if (Scores.Drops) d = TensorScores<TExtras>.DropColumns(Scores, d, Key, column);
                d = TensorSlopes.Columns(p, d, queries);
                KeyGradient = TensorHeadSums.Add<THead>(KeyGradient, TensorRows.Round(d), shared, stage + Sums);
            }
            if (TSide.MakesValues)
            {
                if (Scores.Drops) p = TensorScores<TExtras>.DropColumns(Scores, p, Key, column);
                ValueGradient = TensorHeadSums.Add<THead>(ValueGradient, TensorRows.Round(p), shared, stage + Sums + TensorStages<THead>.Second);
            }
        }
    }
}
