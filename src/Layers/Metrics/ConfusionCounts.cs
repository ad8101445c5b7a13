namespace GpuNets;

/// <summary>
/// How often each class was predicted for each label, and the scores that follow: n[t, p] positions with label t were predicted p. A class
/// that neither labels nor predictions have has the score NaN and stays out of means, unless told otherwise; the background of a data set is a
/// class like any other (the mean of VOC is over 21 classes).
/// </summary>
public sealed class ConfusionCounts
{
    private readonly long[] _counts;   // [label, prediction]

    /// <summary>Takes counts.</summary>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="counts">n, [label, prediction], K * K numbers of at least 0.</param>
    /// <exception cref="ShapeException">The numbers are not K * K, or one is negative.</exception>
    public ConfusionCounts(int classes, ReadOnlySpan<long> counts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        if (counts.Length != (long)classes * classes) throw new ShapeException("ConfusionCounts", $"{counts.Length} counts do not fill a matrix of {classes} classes.");
        foreach (long count in counts)
            if (count < 0) throw new ShapeException("ConfusionCounts", $"a count is {count}, expected at least 0.");
        Classes = classes;
        _counts = counts.ToArray();
    }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>Positions with a label that were predicted as some class.</summary>
    public long this[int label, int prediction] => _counts[label * Classes + prediction];

    /// <summary>All positions that were counted.</summary>
    public long Total => _counts.Sum();

    /// <summary>Share of positions that were predicted right; NaN without positions.</summary>
    public double PixelAccuracy => Enumerable.Range(0, Classes).Sum(c => this[c, c]) / (double)Total;

    /// <summary>Mean over classes of the share of a class's labels that were predicted right; classes without labels stay out.</summary>
    public double MeanClassAccuracy => Mean(Enumerable.Range(0, Classes).Select(c => Ratio(this[c, c], Labels(c))));

    /// <summary>Mean of IoU with the share of labels that a class has as its weight; NaN without positions.</summary>
    public double FrequencyWeightedIoU
    {
        get
        {
            double total = Total, sum = 0;
            for (int c = 0; c < Classes; c++)
                if (Labels(c) > 0) sum += Labels(c) / total * IoU(c);
            return total == 0 ? double.NaN : sum;
        }
    }

    /// <summary>Positions with a label.</summary>
    public long Labels(int label) => Enumerable.Range(0, Classes).Sum(p => this[label, p]);

    /// <summary>Positions that were predicted as a class.</summary>
    public long Predictions(int prediction) => Enumerable.Range(0, Classes).Sum(t => this[t, prediction]);

    /// <summary>Intersection over union of a class: n[c, c] / (labels + predictions - n[c, c]); NaN if it never occurs.</summary>
    public double IoU(int label) => Ratio(this[label, label], Labels(label) + Predictions(label) - this[label, label]);

    /// <summary><see cref="IoU(int)"/> of all classes.</summary>
    public double[] IoU() => [.. Enumerable.Range(0, Classes).Select(IoU)];

    /// <summary>Mean of <see cref="IoU(int)"/> over the classes.</summary>
    /// <param name="absentAsZero">True: a class that never occurs counts as 0; false: it stays out of the mean.</param>
    /// <returns>NaN if no class occurs.</returns>
    public double MeanIoU(bool absentAsZero = false) => MeanIoU(Enumerable.Range(0, Classes), absentAsZero);

    /// <summary>Mean of <see cref="IoU(int)"/> over some classes, as without the background.</summary>
    /// <param name="labels">The classes.</param>
    /// <param name="absentAsZero">True: a class that never occurs counts as 0; false: it stays out of the mean.</param>
    public double MeanIoU(IEnumerable<int> labels, bool absentAsZero = false) =>
        Mean(labels.Select(label => IoU(label) is var iou && double.IsNaN(iou) && absentAsZero ? 0 : iou));

    /// <summary>
    /// The counts of categories of classes: confusions within a category become hits, as in the category IoU of Cityscapes.
    /// </summary>
    /// <param name="categories">The category of each class, 0 or more; -1 leaves the labels and predictions of a class out.</param>
    /// <exception cref="ShapeException">There is not one category per class, or one is below -1, or no class has any.</exception>
    public ConfusionCounts ByCategory(params ReadOnlySpan<int> categories)
    {
        if (categories.Length != Classes) throw new ShapeException("ByCategory", $"{categories.Length} categories do not fit {Classes} classes.");
        int count = 0;
        foreach (int category in categories)
        {
            if (category < -1) throw new ShapeException("ByCategory", $"category {category} is below -1.");
            count = Math.Max(count, category + 1);
        }
        if (count == 0) throw new ShapeException("ByCategory", "no class has a category.");
        long[] merged = new long[count * count];
        for (int t = 0; t < Classes; t++)
            for (int p = 0; p < Classes; p++)
                if (categories[t] >= 0 && categories[p] >= 0) merged[categories[t] * count + categories[p]] += this[t, p];
        return new ConfusionCounts(count, merged);
    }

    /// <summary>Sums of the counts of two parts of a data set.</summary>
    /// <exception cref="ShapeException">The numbers of classes differ.</exception>
    public static ConfusionCounts operator +(ConfusionCounts left, ConfusionCounts right) => left.Classes == right.Classes
        ? new(left.Classes, [.. left._counts.Zip(right._counts, (a, b) => a + b)])
        : throw new ShapeException("ConfusionCounts", $"counts of {left.Classes} and {right.Classes} classes do not add up.");

    /// <inheritdoc/>
    public override string ToString() => $"{Total:N0} positions, {Classes} classes: mean IoU {MeanIoU():0.0000}, pixel accuracy {PixelAccuracy:0.0000}";

    private static double Ratio(long part, long whole) => whole == 0 ? double.NaN : part / (double)whole;

    private static double Mean(IEnumerable<double> values) => values.Where(value => !double.IsNaN(value)).DefaultIfEmpty(double.NaN).Average();
}
