using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Cross-entropy, binary cross-entropy and squared error, as means and sums.</summary>
internal sealed class LossCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Entropy("cross-entropy", [5, 7], [0, 6, 3, 3, 1]),
        Entropy("cross-entropy sum", [5, 7], [0, 6, 3, 3, 1], mean: false),
        Entropy("cross-entropy smoothed", [4, 9], [8, 0, 2, 4], smoothing: 0.1f),
        Entropy("cross-entropy ignoring", [5, 7], [0, -100, 3, -100, 1]),
        Entropy("cross-entropy ignoring class 0, smoothed sum", [5, 7], [0, 2, 0, 0, 1], ignored: 0, smoothing: 0.2f, mean: false),
        Entropy("cross-entropy of one class", [3, 1], [0, 0, 0]),
        Entropy("cross-entropy of one row", [127], [100]),
        Entropy("cross-entropy of a batch", [2, 3, 33], [0, 32, 5, 5, 1, 2]),
        Entropy("cross-entropy of long rows", [3, 1023], [0, 1022, 500]),
        Entropy("cross-entropy sum of nothing", [0, 4], [], mean: false),
        Entropy("cross-entropy of each row", [5, 7], [0, -100, 3, 3, 1], reduction: LossReduction.None),
        Entropy("cross-entropy of each row, smoothed, of a batch", [2, 3, 33], [0, 32, 5, 5, 1, 2], smoothing: 0.1f, reduction: LossReduction.None),
        Maps("cross-entropy of maps", [2, 3, 4, 5], 1, label: (i, c) => i * 7 % c),
        Maps("cross-entropy of maps, sum, ignoring", [2, 3, 4, 5], 1, label: (i, c) => i % 4 == 0 ? 255 : i % c, ignored: 255, reduction: LossReduction.Sum),
        Maps("cross-entropy of maps, smoothed", [1, 21, 9, 11], 1, label: (i, c) => i * 5 % c, smoothing: 0.1f),
        Maps("cross-entropy of maps, ignoring class 0, smoothed, mean", [3, 4, 33], 1, label: (i, c) => i % c, ignored: 0, smoothing: 0.2f),
        Maps("cross-entropy of each position of maps", [2, 5, 3, 2], 1, label: (i, c) => i % 3 == 0 ? -100 : i % c, reduction: LossReduction.None),
        Maps("cross-entropy along the first axis", [7, 31], 0, label: (i, c) => i * 3 % c),
        Maps("cross-entropy of maps of one class", [2, 1, 17], 1, label: (_, _) => 0),
        Maps("cross-entropy of a large map", [1, 11, 60, 77], 1, label: (i, c) => i % 9 == 0 ? 255 : i % c, ignored: 255),
        Maps("cross-entropy of maps along their last axis", [2, 3, 5], 2, label: (i, c) => i % c),
        Maps("cross-entropy sum of no maps", [0, 3, 4], 1, label: (_, _) => 0, reduction: LossReduction.Sum),
        Linear("linear cross-entropy", 5, 3, 7, [0, 6, 3, 3, 1]),
        Linear("linear cross-entropy in chunks", 5, 3, 7, [0, 6, 3, 3, 1], chunk: 2),
        Linear("linear cross-entropy without bias, sum", 4, 6, 3, [0, 2, 1, 1], chunk: 3, bias: false, reduction: LossReduction.Sum),
        Linear("linear cross-entropy, ignoring and smoothed", 5, 4, 9, [0, -100, 8, -100, 1], chunk: 2, smoothing: 0.1f),
        Linear("linear cross-entropy of each row", 4, 4, 5, [0, 2, -100, 1], chunk: 3, smoothing: 0.2f, reduction: LossReduction.None),
        Linear("linear cross-entropy of many classes", 33, 31, 127, [.. Enumerable.Range(0, 33).Select(i => i * 29 % 127)], chunk: 16),
        Linear("linear cross-entropy sum of nothing", 0, 3, 4, [], reduction: LossReduction.Sum),
        .. Pairs("binary cross-entropy", (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r), (x, t) => ReferenceFunctions.Softplus(x) - x * t),
        .. Pairs("squared error", (x, t, r) => x.MeanSquaredError(t, r), (x, t) => (x - t) * (x - t)),
    ];

    private static OpCase Entropy(
        string name, int[] shape, int[] labels, int ignored = -100, float smoothing = 0, bool mean = true, LossReduction? reduction = null)
    {
        var kind = reduction ?? (mean ? LossReduction.Mean : LossReduction.Sum);
        return new OpCase(
            name, [OpInput.Normal(shape)], x => x[0].CrossEntropy(x[0].Device.Indices(labels, shape[..^1]), ignored, smoothing, kind),
            x => CrossEntropy(x[0], labels, ignored, smoothing, kind));
    }

    private static OpCase Maps(
        string name, int[] shape, int axis, Func<int, int, int> label, int ignored = -100, float smoothing = 0, LossReduction reduction = LossReduction.Mean)
    {
        int classes = shape[axis], inner = NdArray.Count(shape.AsSpan(axis + 1));
        int[] maps = [.. shape[..axis], .. shape[(axis + 1)..]];
        int[] labels = [.. Enumerable.Range(0, NdArray.Count(maps)).Select(i => label(i, classes))];
        return new OpCase(
            name, [OpInput.Normal(shape)], x => x[0].CrossEntropy(x[0].Device.Indices(labels, maps), ignored, smoothing, reduction, axis), x =>
            {
                var rows = new NdArray([.. maps, classes]);
                for (int r = 0; r < labels.Length; r++)
                    for (int c = 0; c < classes; c++) rows[r * classes + c] = x[0].Values[(r / inner * classes + c) * inner + r % inner];
                return CrossEntropy(rows, labels, ignored, smoothing, reduction);
            });
    }

    private static OpCase Linear(
        string name, int rows, int inputs, int classes, int[] labels, int? chunk = null, bool bias = true, float smoothing = 0,
        LossReduction reduction = LossReduction.Mean)
    {
        List<OpInput> operands = [OpInput.Normal(rows, inputs), OpInput.Normal(classes, inputs)];
        if (bias) operands.Add(OpInput.Normal(classes));
        return new OpCase(
            name, [.. operands],
            x => x[0].LinearCrossEntropy(
                x[1], x[0].Device.Indices(labels), x.ElementAtOrDefault(2), smoothing: smoothing, reduction: reduction, chunkRows: chunk),
            x =>
            {
                var logits = new NdArray([rows, classes]);
                for (int r = 0; r < rows; r++)
                    for (int c = 0; c < classes; c++)
                    {
                        Real sum = 0;
                        for (int k = 0; k < inputs; k++) sum += x[0][r, k] * x[1][c, k];
                        logits[r, c] = bias ? sum + x[2][c] : sum;
                    }
                return CrossEntropy(logits, labels, Tensor.IgnoredLabel, smoothing, reduction);
            })
        { Cancels = true };   // gradients are sums of softmax minus target
    }

    private static NdArray CrossEntropy(NdArray x, int[] labels, int ignored, double smoothing, LossReduction reduction)
    {
        int classes = x.Shape[^1], counted = 0;
        var losses = new NdArray(x.Shape[..^1]);
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] == ignored) continue;
            Real[] logits = x.Values[(row * classes)..((row + 1) * classes)];
            losses[row] = ReferenceFunctions.LogSumExp(logits) - (1 - smoothing) * logits[labels[row]] - smoothing * (ReferenceFunctions.Sum(logits) / classes);
            counted++;
        }
        if (reduction == LossReduction.None) return losses;
        Real sum = ReferenceFunctions.Sum(losses.Values);
        return NdArray.Of(reduction == LossReduction.Mean ? sum / counted : sum);
    }

    private static IEnumerable<OpCase> Pairs(string name, Func<Tensor, Tensor, LossReduction, Tensor> run, Func<Real, Real, Real> reference)
    {
        foreach (int[] shape in new int[][] { [1], [31], [3, 11], [1023], [20011] })
        {
            int count = NdArray.Count(shape);
            OpInput[] inputs = [OpInput.Uniform(-6, 6, shape), OpInput.Uniform(0, 1, shape)];
            foreach (var reduction in new[] { LossReduction.Mean, LossReduction.Sum })
            {
                yield return new OpCase($"{name} {reduction} [{string.Join(", ", shape)}]", inputs, x => run(x[0], x[1], reduction), x =>
                    NdArray.Of(ReferenceFunctions.Sum(NdArray.Broadcast(x[0], x[1], reference).Values) / (reduction == LossReduction.Mean ? count : 1)))
                { Cancels = true };   // a prediction close to its target
            }
        }
        yield return new OpCase($"{name} sum of nothing", [OpInput.Normal(0), OpInput.Normal(0)], x => run(x[0], x[1], LossReduction.Sum), _ => NdArray.Of(0));
    }
}
