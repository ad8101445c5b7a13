namespace GpuNets.Kernels;

/// <summary>
/// y[b, :] = factor * sum over pairs (i, j) of a_L, a_1 = relu(left[i] + right[j] + context), a_l = relu(W_l a_(l-1) + b_l): the relation
/// network's sum without the tensor of pairs. Chunks of pairs pass through all layers one after the other, so that their activations stay in
/// cache (L2 of a GPU) and memory does not grow with the number of pairs. The backward pass computes the activations of a chunk again, a
/// quarter of all its work, unless the forward pass was given room to keep them.
/// </summary>
/// <remarks>Matrix products do nearly all of the work: 2 * 256 flops per float of an activation. Chunks only have to keep them busy.</remarks>
internal static class PairSum
{
    /// <summary>
    /// Rows of a chunk: 1024 x 256 floats are 1 MB, the second cache of a core. Of few examples the host takes more, because each of some twenty
    /// launches per chunk waits for its threads; a GPU needs more to fill its units.
    /// </summary>
    public static int ChunkRows(Device device, int batch) => device.Form switch
    {
        ExecutionForm.Host => batch < HostPairSum.FewestExamples ? HostRows : HostPairSum.ChunkRows,
        ExecutionForm.Serial => 1024,
        _ => 16384,
    };

    private const int HostRows = 4096;

    private static bool ByExamples(PairSumProblem problem) =>
        problem.Device.Form == ExecutionForm.Host && problem.Batch >= HostPairSum.FewestExamples && HostPairSum.HasRoom(problem);

    public static void Forward(PairSumProblem problem, DeviceBuffer y, PairActivations? kept = null)
    {
        var (device, plan, width) = (problem.Device, problem.Plan, problem.Widths[^1]);
        if (y.Length == 0) return;
        if (plan.Pairs == 0)
        {
            device.Clear(y);
            return;
        }
        if (ByExamples(problem))
        {
            HostPairSum.Forward(problem, y, kept);
            return;
        }
        using var work = new PairWork(problem);
        var partial = plan.Slices == 1 ? y : device.Allocate(problem.Batch * plan.Slices * width, "partial pair sums");
        foreach (var (index, chunk) in plan.Chunks(problem.Batch).Index())
        {
            var last = work.Activations(chunk, kept?.Of(index), known: false);
            var axes = new ReduceAxes();
            axes.Add(chunk.Examples, reduced: false);
            axes.Add(chunk.Pairs, reduced: true);
            axes.Add(width, reduced: false);
            int at = (chunk.Example * plan.Slices + chunk.Slice) * width;
            Reduction.Run<SumOf>(last, partial.Slice(at, chunk.Examples * width), axes, plan.Slices == 1 ? problem.Factor : 1f);
        }
        if (plan.Slices == 1) return;
        var slices = new ReduceAxes();
        slices.Add(problem.Batch, reduced: false);
        slices.Add(plan.Slices, reduced: true);
        slices.Add(width, reduced: false);
        Reduction.Run<SumOf>(partial, y, slices, problem.Factor);
        partial.Free();
    }

    public static void Backward(PairSumProblem problem, DeviceBuffer dy, PairSumGradients gradients, PairActivations? kept = null)
    {
        var (plan, layers) = (problem.Plan, problem.Widths.Length);
        if (problem.Batch == 0 || plan.Pairs == 0)
        {
            gradients.Clear(problem.Device);
            return;
        }
        if (ByExamples(problem))
        {
            HostPairSum.Backward(problem, dy, gradients, kept);
            return;
        }
        using var work = new PairWork(problem);
        bool first = true;
        foreach (var (index, chunk) in plan.Chunks(problem.Batch).Index())
        {
            var known = kept?.Take(index);
            work.Activations(chunk, known, known is not null);
            var delta = work.LastGradient(chunk, dy);
            for (int layer = layers - 1; layer > 0; layer--)
            {
                var (weight, bias) = (gradients.Weights[layer - 1], gradients.Biases[layer - 1]);
                if (weight.Buffer is { } dw) work.WeightGradient(chunk, layer, delta, dw, weight.Accumulate || !first);
                if (bias.Buffer is { } db) ColumnSums.Run(delta, chunk.Rows, problem.Widths[layer], db, bias.Accumulate || !first);
                delta = work.Before(chunk, layer, delta);
            }
            if (gradients.Left is { } left) work.Members(chunk, delta, left, seconds: false);
            if (gradients.Right is { } right) work.Members(chunk, delta, right, seconds: true);
            first = false;
        }
    }
}
