using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// y[b] = sum (or mean) over pairs of a_L with a_1 = relu(left[i] + right[j] + context), a_l = relu(W_l a_(l-1) + b_l). Nothing of the size
/// of all pairs is kept unless the options give room for it: backward computes the activations again, chunk by chunk.
/// </summary>
internal sealed class PairSumOp(
    Tensor left, Tensor right, Tensor? context, Tensor[] weights, Tensor?[] biases, PairSumProblem problem, PairActivations? kept,
    Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor left, Tensor right, Tensor? context, Tensor[] weights, Tensor?[] biases, PairSumOptions options, int? chunkRows = null)
    {
        int[] widths = Check(left, right, context, weights, biases);
        var (device, batch, objects) = (left.Device, left.Shape[0], left.Shape[1]);
        var plan = PairPlan.Of(objects, options.Unordered, options.Self, chunkRows ?? Kernels.PairSum.ChunkRows(device, batch));
        var problem = new PairSumProblem(
            plan, batch, widths, left.Buffer, right.Buffer, context?.Buffer, [.. weights.Select(weight => weight.Buffer)],
            [.. biases.Select(bias => bias?.Buffer)], options.Mean ? 1f / Math.Max(1, plan.Pairs) : 1f);
        var y = Tensor.Empty(device, (batch, widths[^1]), "PairSum");
        var recorder = Recorder([left, right, context, .. weights, .. biases]);
        var kept = recorder is not null && options.KeptBytes > 0 ? new PairActivations(problem, options.KeptBytes) : null;
        Kernels.PairSum.Forward(problem, y.Buffer, kept);
        recorder?.Add(new PairSumOp(left, right, context, weights, biases, problem, kept, y));
        return y;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var device = left.Device;
        bool wantsContext = context is { RequiresGradient: true };
        var dleft = tape.Fresh(left) ?? (wantsContext ? device.AllocateTemporary(left.Count, "gradient of PairSum") : null);
        var dright = tape.Fresh(right);
        // From the last layer to the first, as the gradients are made: a weight that two layers share is then written first and added to later.
        var dweights = new (DeviceBuffer?, bool)[weights.Length];
        var dbiases = new (DeviceBuffer?, bool)[weights.Length];
        for (int l = weights.Length - 1; l >= 0; l--)
        {
            dweights[l] = (tape.Target(weights[l], out bool accumulate), accumulate);
            if (biases[l] is { } bias) dbiases[l] = (tape.Target(bias, out accumulate), accumulate);
        }
        Kernels.PairSum.Backward(problem, dy, new PairSumGradients { Left = dleft, Right = dright, Weights = dweights, Biases = dbiases }, kept);
        if (wantsContext)
        {
            var dcontext = tape.Fresh(context!)!;
            var axes = new ReduceAxes();
            axes.Add(problem.Batch, reduced: false);
            axes.Add(problem.Plan.Objects, reduced: true);
            axes.Add(problem.Widths[0], reduced: false);
            Reduction.Run<SumOf>(dleft!, dcontext, axes);
            tape.Put(context!, dcontext);
        }
        if (left.RequiresGradient) tape.Put(left, dleft!);
        if (dright is not null) tape.Put(right, dright);
    }

    private static int[] Check(Tensor left, Tensor right, Tensor? context, Tensor[] weights, Tensor?[] biases)
    {
        foreach (var operand in (ReadOnlySpan<Tensor?>)[right, context, .. weights, .. biases])
            if (operand is not null) CheckDevice("PairSum", left.Device, operand.Device);
        if (left.Shape.Rank != 3 || right.Shape != left.Shape)
            throw new ShapeException("PairSum", $"left {left.Shape} and right {right.Shape} must both be [batch, objects, width].");
        int width = left.Shape[2];
        if (context is not null && context.Shape != new Shape(left.Shape[0], width))
            throw new ShapeException("PairSum", $"the context has shape {context.Shape}, expected [{left.Shape[0]}, {width}] for left {left.Shape}.");
        if (biases.Length != weights.Length) throw new ShapeException("PairSum", $"{weights.Length} weights need as many biases (or null), got {biases.Length}.");
        int[] widths = new int[weights.Length + 1];
        widths[0] = width;
        for (int l = 0; l < weights.Length; l++)
        {
            if (weights[l].Shape.Rank != 2 || weights[l].Shape[1] != widths[l])
                throw new ShapeException("PairSum", $"weight {l} has shape {weights[l].Shape}, expected [out, {widths[l]}] after a layer of width {widths[l]}.");
            widths[l + 1] = weights[l].Shape[0];
            if (biases[l] is { } bias && bias.Shape != new Shape(widths[l + 1]))
                throw new ShapeException("PairSum", $"bias {l} has shape {bias.Shape}, expected [{widths[l + 1]}] for weight {weights[l].Shape}.");
        }
        return widths;
    }
}
