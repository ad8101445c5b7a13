using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient of the queries on tensor cores: as in <see cref="TensorAttention{THead}"/>, a warp takes 16 queries. It computes the weights
/// again, and from them the gradients of the scores, which it rounds and multiplies with the keys.
/// </summary>
[ComputeCapability(8, 0)]
internal struct TensorAttentionQueries<THead> : IGridKernel where THead : struct, ITensorHead
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
        var scores = new TensorScores(pair.Scores);
        float exponent = scores.Exponent;
        var query = TensorHeadRows.Load<THead>(Inputs.Query.Of<THead>(pair.Pair), t);
        var given = TensorHeadRows.Load<THead>(OutputGradient.Of<THead>(pair.Pair), t);
        int row = 2 * (pair.Pair * TensorOperand.Padded(rule.Queries) + t);
        float shift = Statistics[row], delta = Statistics[row + 1], shift8 = Statistics[row + 16], delta8 = Statistics[row + 17];
        var stages = TensorStages<THead>.Start(Inputs.Key.Of<THead>(pair.Pair), Inputs.Value.Of<THead>(pair.Pair), 0, place.Keys);
        var shared = stages.Shared;
        int lines = TensorRows.PlaceLines<THead>(), sums = TensorRows.PlaceSums<THead>();
        TensorHeadSums gradient = default;
        for (int k0 = 0; k0 < place.Keys; k0 += THead.Lines)
        {
            int stage = stages.Turn(k0 + THead.Lines, place.Keys);
            for (int k = k0; k < k0 + THead.Lines; k += 32)
            {
                if (k < place.WarpKeys)
                {
                    var p = TensorHeadRows.Products<THead>(query, shared, stage + lines);
                    var d = TensorHeadRows.Products<THead>(given, shared, stage + lines + TensorStages<THead>.Second);
                    int key = k + 2 * (TensorRows.Lane & 3);
                    if (scores.IsEarly || k + 32 > place.WholeKeys) p = TensorScores.Rows(scores, p, t, key, place.Seen, place.Seen8);
                    if (rule.HasDropout != 0) d = TensorScores.DropRows(scores, d, t, key);
                    d = TensorSlopes.Rows(TensorSoftmax.Weights(p, exponent, shift, shift8), d, delta, delta8);
                    gradient = TensorHeadSums.Add<THead>(gradient, TensorRows.Round(d), shared, stage + sums);
                }
                stage += 32 * TensorRows.Pitch<THead>();
            }
        }
        QueryGradient.Store<THead>(
            TensorHeadSums.Scale<THead>(gradient, rule.Scale, rule.Scale), pair, place.FirstQuery, rule.Queries, Inputs.Inputs.Size);
    }
}
