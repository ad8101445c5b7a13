namespace GpuNets.Kernels;

/// <summary>
/// Attention from matrix products and row kernels over blocks of pairs and queries, whose scores are the only scratch. With blocks of a
/// few megabytes it is the form of CPUs under OpenCL (the products are register tiles over packed keys), and of GPUs whose groups are too
/// small for the fused kernels; with one block it is the materialised form that the others are compared with.
/// </summary>
internal static class BlockedAttention
{
    /// <summary>Most floats of scores that are held at a time.</summary>
    public const int Scratch = 1 << 22;

    public static void Forward(AttentionProblem problem, in AttentionOperand output, DeviceBuffer? softmax, int scratch)
    {
        var (device, size) = (problem.Device, problem.Size);
        var kept = softmax ?? device.Allocate(2 * size.Rows, "softmax of attention");
        var split = new AttentionSplit(size, scratch);
        var scores = device.Allocate(split.Scratch, "scores of attention");
        foreach (var block in split.Blocks)
        {
            Weights(problem, block, scores, kept, dropout: true);
            block.Multiply(block.In(scores), block.At(problem.Value, query: false), block.At(output, query: true), block.Queries, size.ValueSize, size.Keys);
        }
        scores.Free();
        if (softmax is null) kept.Free();
    }

    /// <summary>The weights before dropout, [batch, heads, queries, keys]: for plots, not for training.</summary>
    public static void Weights(AttentionProblem problem, DeviceBuffer weights)
    {
        var (device, size) = (problem.Device, problem.Size);
        if (size.Rows == 0 || size.Keys == 0) return;
        var kept = device.Allocate(2 * size.Rows, "softmax of attention");
        foreach (var block in new AttentionSplit(size, int.MaxValue).Blocks) Weights(problem, block, weights, kept, dropout: false);
        kept.Free();
    }

    public static void Backward(
        AttentionProblem problem, in AttentionOperand output, DeviceBuffer softmax, in AttentionOperand outputGradient, AttentionGradients gradients,
        int scratch)
    {
        var (device, size, rule) = (problem.Device, problem.Size, problem.Rule);
        if (gradients.Bias is { } clear) device.Clear(clear);
        var deltas = device.Allocate(size.Rows, "row sums of attention");
        AttentionDeltas.Launch(size, output, outputGradient, deltas);
        var split = new AttentionSplit(size, scratch);
        DeviceBuffer scores = device.Allocate(split.Scratch, "scores of attention"), slopes = device.Allocate(split.Scratch, "score gradients of attention");
        foreach (var block in split.Blocks)
        {
            AttentionOperand p = block.In(scores), d = block.In(slopes), key = block.At(problem.Key, query: false);
            AttentionOperand query = block.At(problem.Query, query: true), given = block.At(outputGradient, query: true);
            block.Multiply(query, key, p, block.Queries, size.Keys, size.Size, transposeB: true);
            block.Multiply(given, block.At(problem.Value, query: false), d, block.Queries, size.Keys, size.ValueSize, transposeB: true);
            device.ForRows(
                new AttentionSlopes
                {
                    Scores = scores.Floats,
                    Slopes = slopes.Floats,
                    Softmax = softmax.Floats,
                    Deltas = deltas.Floats,
                    Bias = problem.BiasView,
                    Lengths = problem.LengthsView,
                    Rule = rule,
                    Block = block.Place,
                    // The gradient of a bias is that of the scaled score.
                    Scale = gradients.Bias is null ? rule.Scale : 1f,
                },
                block.Rows, size.Keys, 2f * size.Keys);
            if (gradients.Bias is { } biasGradient)
            {
                int rows = (rule.BiasBatch == 0 ? 1 : block.Samples) * (rule.BiasHead == 0 ? 1 : block.Heads) * block.Queries;
                device.ForRows(
                    new AttentionBiasRows { Slopes = slopes.Floats, Gradient = biasGradient.Floats, Rule = rule, Block = block.Place },
                    rows, size.Keys, 0.5f * size.Keys * (block.Rows / rows));
                device.ForEach(
                    new ParametricForward<MultiplyScalar> { X = slopes.Floats, Y = slopes.Floats, Op = new MultiplyScalar(rule.Scale) }, block.Rows * size.Keys);
            }
            bool more = block.Place.FirstQuery > 0;
            if (gradients.Value is { } dv)
                block.Multiply(p, given, block.At(dv, query: false), size.Keys, size.ValueSize, block.Queries, transposeA: true, accumulate: more);
            if (gradients.Key is { } dk)
                block.Multiply(d, query, block.At(dk, query: false), size.Keys, size.Size, block.Queries, transposeA: true, accumulate: more);
            if (gradients.Query is { } dq) block.Multiply(d, key, block.At(dq, query: true), block.Queries, size.Size, size.Keys);
        }
        slopes.Free();
        scores.Free();
        deltas.Free();
    }

    private static void Weights(AttentionProblem problem, AttentionBlock block, DeviceBuffer scores, DeviceBuffer kept, bool dropout)
    {
        var (size, rule) = (problem.Size, problem.Rule);
        block.Multiply(
            block.At(problem.Query, query: true), block.At(problem.Key, query: false), block.In(scores), block.Queries, size.Keys, size.Size, transposeB: true);
        if (!dropout) rule.HasDropout = 0;
        problem.Device.ForRows(
            new AttentionSoftmax
            {
                Scores = scores.Floats,
                Softmax = kept.Floats,
                Bias = problem.BiasView,
                Lengths = problem.LengthsView,
                Rule = rule,
                Block = block.Place,
            },
            block.Rows, size.Keys, 30f + 0.8f * size.Keys);
    }
}
