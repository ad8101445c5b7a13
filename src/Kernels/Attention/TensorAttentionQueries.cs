using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient of the queries on tensor cores: as in <see cref="TensorAttention{THead, TExtras}"/>, a warp takes 16 queries. It computes the
/// weights again, and from them the gradients of the scores, which it rounds and multiplies with the keys.
/// </summary>
/// <typeparam name="THead">Features of a head.</typeparam>
/// <typeparam name="TExtras">What there is besides masks.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorAttentionQueries<THead, TExtras> : IGridKernel where THead : struct, ITensorHead where TExtras : struct, ITensorExtras
{
    public TensorInputs Inputs;
    public TensorOperand OutputGradient;

    /// <summary>See <see cref="TensorStatistics"/>.</summary>
    public ArrayView<float> Statistics;
    public TensorResult QueryGradient;

    public readonly void Run()
    {
        var place = TensorPlaceOfQueries.Of(Inputs);
        var (rule, pair, t) = (Inputs.Inputs.Rule, place.Pair, place.Query);
        int row = 2 * (pair.Pair * TensorOperand.Padded(rule.Queries) + t);
        var walk = new Walk
        {
            Place = place,
            Scores = new TensorScores<TExtras>(pair.Scores),
            Query = TensorHeadRows.Load<THead>(Inputs.Query.Of<THead>(pair.Pair), t),
            Given = TensorHeadRows.Load<THead>(OutputGradient.Of<THead>(pair.Pair), t),
            Shift = Statistics[row],
            Delta = Statistics[row + 1],
            Shift8 = Statistics[row + 16],
            Delta8 = Statistics[row + 17],
            Stages = TensorStages<THead>.Start(Inputs.Key.Of<THead>(pair.Pair), Inputs.Value.Of<THead>(pair.Pair), 0, place.Keys),
            Lines = TensorRows.PlaceLines<THead>(),
            Sums = TensorRows.PlaceSums<THead>(),
        };
        int k = 0;
        for (; k + THead.Lines <= place.WholeKeys; k += THead.Lines) walk.Add(k, isMasked: false);
        for (; k < place.Keys; k += THead.Lines) walk.Add(k, isMasked: true);
        QueryGradient.Store<THead>(
            TensorHeadSums.Scale<THead>(walk.Gradient, rule.Scale, rule.Scale), pair, place.FirstQuery, rule.Queries, Inputs.Inputs.Size);
    }

    /// <summary>The walk over the keys.</summary>
    private struct Walk
    {
        public TensorPlaceOfQueries Place;
        public TensorScores<TExtras> Scores;
        public TensorHeadRows Query, Given;
        public TensorHeadSums Gradient;
        public TensorStages<THead> Stages;
        public float Shift, Shift8, Delta, Delta8;
        public int Lines, Sums;

        /// <summary>Takes in a stage of keys.</summary>
        public void Add(int k, bool isMasked)
        {
            int stage = Stages.Turn(k + THead.Lines, Place.Keys);
            Half(stage, k, isMasked);
            if (THead.Lines > 32) Half(stage + 32 * TensorRows.Pitch<THead>(), k + 32, isMasked);
        }

        private void Half(int stage, int k, bool isMasked)
        {
            // The others of the group may see more.
            if (isMasked && k >= Place.WarpKeys) return;
            var shared = Stages.Shared;
            int key = k + 2 * (TensorRows.Lane & 3);
            float exponent = Scores.Exponent;
            var p = TensorHeadRows.Products<THead>(Query, shared, stage + Lines);
            var d = TensorHeadRows.Products<THead>(Given, shared, stage + Lines + TensorStages<THead>.Second);
            if (isMasked || TExtras.Has) p = TensorScores<TExtras>.Rows(Scores, p, Place.Query, key, Place.Seen, Place.Seen8);
            if (Scores.Drops) d = TensorScores<TExtras>.DropRows(Scores, d, Place.Query, key);
            d = TensorSlopes.Rows(TensorSoftmax.Weights(p, exponent, Shift, Shift8), d, Delta, Delta8);
            Gradient = TensorHeadSums.Add<THead>(Gradient, TensorRows.Round(d), shared, stage + Sums);
        }
    }
}
