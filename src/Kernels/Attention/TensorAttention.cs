using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Forward on tensor cores in bfloat16 with float sums: a group of four warps takes 64 queries of a pair of sample and head, a warp 16 of them,
/// whose features, scores and sums stay in its registers; keys and values come to shared memory 64 (or 32) at a time. A lane's scores are what
/// the second product needs of the weights: they change format, not place.
/// </summary>
/// <typeparam name="THead">Features of a head.</typeparam>
/// <typeparam name="TExtras">What there is besides masks.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorAttention<THead, TExtras> : IGridKernel where THead : struct, ITensorHead where TExtras : struct, ITensorExtras
{
    public TensorInputs Inputs;
    public TensorResult Output;
    public ArrayView<float> Softmax;

    /// <summary>1 if backward needs largest scores and sums; kernels take no bool.</summary>
    public int KeepsSoftmax;

    public readonly void Run()
    {
        var place = TensorPlaceOfQueries.Of(Inputs);
        var (rule, pair, t) = (Inputs.Inputs.Rule, place.Pair, place.Query);
        var walk = new Walk
        {
            Place = place,
            Scores = new TensorScores<TExtras>(pair.Scores),
            Query = TensorHeadRows.Load<THead>(Inputs.Query.Of<THead>(pair.Pair), t),
            Stages = TensorStages<THead>.Start(Inputs.Key.Of<THead>(pair.Pair), Inputs.Value.Of<THead>(pair.Pair), 0, place.Keys),
            Softmax = TensorSoftmax.Nothing,
            Lines = TensorRows.PlaceLines<THead>(),
            Sums = TensorRows.PlaceSums<THead>() + TensorStages<THead>.Second,
        };
        int k = 0;
        for (; k + THead.Lines <= place.WholeKeys; k += THead.Lines) walk.Add(k, isMasked: false);
        for (; k < place.Keys; k += THead.Lines) walk.Add(k, isMasked: true);
        walk.Softmax.Finish(out float factor, out float factor8);
        Output.Store<THead>(TensorHeadSums.Scale<THead>(walk.Output, factor, factor8), pair, place.FirstQuery, rule.Queries, Inputs.Inputs.ValueSize);
        if (KeepsSoftmax == 0 || (TensorRows.Lane & 3) != 0) return;
        int row = pair.Pair * rule.Queries;
        if (t < rule.Queries) Put(row + t, walk.Softmax.Largest(factor, walk.Scores.Unit), factor);
        if (t + 8 < rule.Queries) Put(row + t + 8, walk.Softmax.Largest8(factor8, walk.Scores.Unit), factor8);
    }

    private readonly void Put(int row, float max, float factor)
    {
        Softmax[2 * row] = max;
        Softmax[2 * row + 1] = factor;
    }

    /// <summary>The walk over the keys.</summary>
    private struct Walk
    {
        public TensorPlaceOfQueries Place;
        public TensorScores<TExtras> Scores;
        public TensorHeadRows Query;
        public TensorHeadSums Output;
        public TensorSoftmax Softmax;
        public TensorStages<THead> Stages;
        public int Lines, Sums;

        /// <summary>Takes in a stage of keys.</summary>
        public void Add(int k, bool isMasked)
        {
            int stage = Stages.Turn(k + THead.Lines, Place.Keys);
            // The others of the group may see more.
            if (isMasked && k >= Place.WarpKeys) return;
            var shared = Stages.Shared;
            int key = k + 2 * (TensorRows.Lane & 3);
            float exponent = Scores.Exponent;
            TensorStrip left = Masked(TensorHeadRows.Products<THead>(Query, shared, stage + Lines), key, isMasked), right = default;
            if (THead.Lines > 32)
                right = Masked(TensorHeadRows.Products<THead>(Query, shared, stage + Lines + 32 * TensorRows.Pitch<THead>()), key + 32, isMasked);
            float max = TensorSoftmax.Max(left), max8 = TensorSoftmax.Max8(left);
            if (THead.Lines > 32)
            {
                max = TeamScores.Larger(max, TensorSoftmax.Max(right));
                max8 = TeamScores.Larger(max8, TensorSoftmax.Max8(right));
            }
            Softmax.Raise(max, max8, exponent, out float decay, out float decay8);
            Output = TensorHeadSums.Scale<THead>(Output, decay, decay8);
            Weigh(left, key, exponent, stage + Sums);
            if (THead.Lines > 32) Weigh(right, key + 32, exponent, stage + Sums + 32 * TensorRows.Pitch<THead>());
        }

        private readonly TensorStrip Masked(TensorStrip x, int key, bool isMasked) =>
            isMasked || TExtras.Has ? TensorScores<TExtras>.Rows(Scores, x, Place.Query, key, Place.Seen, Place.Seen8) : x;

        private void Weigh(TensorStrip x, int key, float exponent, int sums)
        {
            var p = TensorSoftmax.Weights(x, exponent, Softmax.Shift(exponent), Softmax.Shift8(exponent));
            Softmax.Add(p);
            if (Scores.Drops) p = TensorScores<TExtras>.DropRows(Scores, p, Place.Query, key);
            Output = TensorHeadSums.Add<THead>(Output, TensorRows.Round(p), Stages.Shared, sums);
        }
    }
}
