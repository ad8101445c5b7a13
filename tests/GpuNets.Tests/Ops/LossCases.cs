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
        .. Pairs("binary cross-entropy", (x, t, r) => x.BinaryCrossEntropyWithLogits(t, r), (x, t) => ReferenceFunctions.Softplus(x) - x * t),
        .. Pairs("squared error", (x, t, r) => x.MeanSquaredError(t, r), (x, t) => (x - t) * (x - t)),
    ];

    private static OpCase Entropy(string name, int[] shape, int[] labels, int ignored = -100, float smoothing = 0, bool mean = true) => new(
        name, [OpInput.Normal(shape)],
        x => x[0].CrossEntropy(x[0].Device.Indices(labels, shape[..^1]), ignored, smoothing, mean ? LossReduction.Mean : LossReduction.Sum),
        x => CrossEntropy(x[0], labels, ignored, smoothing, mean));

    private static NdArray CrossEntropy(NdArray x, int[] labels, int ignored, double smoothing, bool mean)
    {
        int classes = x.Shape[^1], rows = 0;
        Real sum = 0;
        for (int row = 0; row < labels.Length; row++)
        {
            if (labels[row] == ignored) continue;
            Real[] logits = x.Values[(row * classes)..((row + 1) * classes)];
            sum += ReferenceFunctions.LogSumExp(logits) - (1 - smoothing) * logits[labels[row]] - smoothing * (ReferenceFunctions.Sum(logits) / classes);
            rows++;
        }
        return NdArray.Of(mean ? sum / rows : sum);
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
