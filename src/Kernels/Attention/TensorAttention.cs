using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Forward on tensor cores in bfloat16 with float sums: a group of four warps takes 64 queries of a pair of sample and head, a warp 16 of them,
/// whose features, scores and sums stay in its registers; keys and values come to shared memory 64 (or 32) at a time. A lane's scores are what
/// the second product needs of the weights: they change format, not place.
/// </summary>
/// <typeparam name="THead">Features of a head.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorAttention<THead> : IGridKernel where THead : struct, ITensorHead
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
        var scores = new TensorScores(pair.Scores);
        float exponent = scores.Exponent;
        var query = TensorHeadRows.Load<THead>(Inputs.Query.Of<THead>(pair.Pair), t);
        var stages = TensorStages<THead>.Start(Inputs.Key.Of<THead>(pair.Pair), Inputs.Value.Of<THead>(pair.Pair), 0, place.Keys);
        var shared = stages.Shared;
        int lines = TensorRows.PlaceLines<THead>(), sums = TensorRows.PlaceSums<THead>() + TensorStages<THead>.Second;
        TensorHeadSums output = default;
        var softmax = TensorSoftmax.Nothing;
        for (int k0 = 0; k0 < place.Keys; k0 += THead.Lines)
        {
            int stage = stages.Turn(k0 + THead.Lines, place.Keys);
            if (k0 < place.WarpKeys)
            {
                var p = TensorHeadRows.Products<THead>(query, shared, stage + lines);
                TensorStrip q = default;
                if (THead.Lines > 32) q = TensorHeadRows.Products<THead>(query, shared, stage + lines + 32 * TensorRows.Pitch<THead>());
                int key = k0 + 2 * (TensorRows.Lane & 3);
                if (scores.IsEarly || k0 + THead.Lines > place.WholeKeys)
                {
                    p = TensorScores.Rows(scores, p, t, key, place.Seen, place.Seen8);
                    if (THead.Lines > 32) q = TensorScores.Rows(scores, q, t, key + 32, place.Seen, place.Seen8);
                }
                float max = TensorSoftmax.Max(p), max8 = TensorSoftmax.Max8(p);
                if (THead.Lines > 32)
                {
                    max = TeamScores.Larger(max, TensorSoftmax.Max(q));
                    max8 = TeamScores.Larger(max8, TensorSoftmax.Max8(q));
                }
                softmax.Raise(max, max8, exponent, out float decay, out float decay8);
                float shift = softmax.Shift(exponent), shift8 = softmax.Shift8(exponent);
                output = TensorHeadSums.Scale<THead>(output, decay, decay8);
                p = TensorSoftmax.Weights(p, exponent, shift, shift8);
                softmax.Add(p);
                if (rule.HasDropout != 0) p = TensorScores.DropRows(scores, p, t, key);
                output = TensorHeadSums.Add<THead>(output, TensorRows.Round(p), shared, stage + sums);
                if (THead.Lines > 32)
                {
                    q = TensorSoftmax.Weights(q, exponent, shift, shift8);
                    softmax.Add(q);
                    if (rule.HasDropout != 0) q = TensorScores.DropRows(scores, q, t, key + 32);
                    output = TensorHeadSums.Add<THead>(output, TensorRows.Round(q), shared, stage + sums + 32 * TensorRows.Pitch<THead>());
                }
            }
        }
        softmax.Finish(out float factor, out float factor8);
        Output.Store<THead>(TensorHeadSums.Scale<THead>(output, factor, factor8), pair, place.FirstQuery, rule.Queries, Inputs.Inputs.ValueSize);
        if (KeepsSoftmax == 0 || (TensorRows.Lane & 3) != 0) return;
        int row = pair.Pair * rule.Queries;
        if (t < rule.Queries) Put(row + t, softmax.Largest(factor, scores.Unit), factor);
        if (t + 8 < rule.Queries) Put(row + t + 8, softmax.Largest8(factor8, scores.Unit), factor8);
    }

    private readonly void Put(int row, float max, float factor)
    {
        Softmax[2 * row] = max;
        Softmax[2 * row + 1] = factor;
    }
}
