using GpuNets.Kernels;

namespace GpuNets;

/// <content>Losses: scalars that training makes small.</content>
public partial class Tensor
{
    /// <summary>The label that <see cref="CrossEntropy"/> ignores unless told otherwise.</summary>
    public const int IgnoredLabel = -100;

    /// <summary>
    /// Cross-entropy of logits with class labels: the mean (or sum) over rows of ln sum_c e^x[c] - sum_c t[c] x[c], where the target t is
    /// (1 - s) at the label plus s / C at each of the C classes.
    /// </summary>
    /// <param name="labels">Classes, of the shape of the logits without the axis of classes.</param>
    /// <param name="ignoredLabel">Rows with this label add nothing and do not count in the mean.</param>
    /// <param name="smoothing">Label smoothing s, 0 to 1.</param>
    /// <param name="reduction">Mean over the rows that count (NaN if none does), sum, or the loss of each row.</param>
    /// <param name="axis">The axis of classes: 1 for scores [N, C, H, W] with label maps [N, H, W], which are read in place.</param>
    /// <exception cref="ShapeException">The axis does not exist, labels have another shape, or a label is not a class.</exception>
    public Tensor CrossEntropy(
        IndexTensor labels, int ignoredLabel = IgnoredLabel, float smoothing = 0f, LossReduction reduction = LossReduction.Mean, int axis = -1) =>
        CrossEntropyOp.Apply(this, labels, ignoredLabel, smoothing, reduction, axis);

    /// <summary>
    /// <see cref="CrossEntropy"/> of the logits x W^T + b, x being this tensor [..., in], without ever holding all logits: they are made
    /// chunk by chunk of rows, once for the loss and once more for the gradients. For vocabularies whose logits fill the memory.
    /// </summary>
    /// <param name="weight">W: [classes, in].</param>
    /// <param name="labels">Classes, of the shape of x without its last axis.</param>
    /// <param name="bias">b: [classes], or null.</param>
    /// <param name="ignoredLabel">Rows with this label add nothing and do not count in the mean.</param>
    /// <param name="smoothing">Label smoothing, 0 to 1.</param>
    /// <param name="reduction">Mean over the rows that count (NaN if none does), sum, or the loss of each row.</param>
    /// <param name="chunkRows">Most rows of a chunk; null: as many as have 64 MB of logits.</param>
    /// <exception cref="ShapeException">Shapes that do not fit, or a label that is not a class.</exception>
    public Tensor LinearCrossEntropy(
        Tensor weight, IndexTensor labels, Tensor? bias = null, int ignoredLabel = IgnoredLabel, float smoothing = 0f,
        LossReduction reduction = LossReduction.Mean, int? chunkRows = null) =>
        LinearCrossEntropyOp.Apply(this, weight, bias, labels, ignoredLabel, smoothing, reduction, chunkRows);

    /// <summary>Mean (or sum) of -t ln p - (1 - t) ln(1 - p), p = sigmoid(x) of the logits x; never overflows.</summary>
    /// <param name="targets">Probabilities t of the shape of the logits.</param>
    /// <param name="reduction">Mean over all elements or sum.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another reduction.</exception>
    /// <exception cref="ShapeException">Targets of another shape.</exception>
    public Tensor BinaryCrossEntropyWithLogits(Tensor targets, LossReduction reduction = LossReduction.Mean) =>
        PairLossOp<BinaryCrossEntropy>.Apply(this, targets, reduction);

    /// <summary>Mean (or sum) of (x - t)^2.</summary>
    /// <param name="targets">Targets t of the shape of the predictions.</param>
    /// <param name="reduction">Mean over all elements or sum.</param>
    /// <exception cref="ArgumentOutOfRangeException">Another reduction.</exception>
    /// <exception cref="ShapeException">Targets of another shape.</exception>
    public Tensor MeanSquaredError(Tensor targets, LossReduction reduction = LossReduction.Mean) =>
        PairLossOp<SquaredError>.Apply(this, targets, reduction);
}
