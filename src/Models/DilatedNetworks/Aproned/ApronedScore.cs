namespace GpuNets.Models;

/// <summary>Intersection over union of predictions, counted over all pixels of all images together.</summary>
internal sealed class ApronedScore
{
    private const int Classes = ApronedScenes.Classes;
    private readonly long[] _counts = new long[Classes * Classes];

    /// <summary>Adds an image.</summary>
    /// <param name="logits">[classes, pixels]; the first of the largest counts.</param>
    /// <param name="labels">[pixels].</param>
    /// <returns>The predicted classes.</returns>
    public int[] Add(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        int[] predicted = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            for (int c = 1; c < Classes; c++)
                if (logits[c * labels.Length + i] > logits[predicted[i] * labels.Length + i]) predicted[i] = c;
            _counts[labels[i] * Classes + predicted[i]]++;
        }
        return predicted;
    }

    /// <summary>TP / (TP + FP + FN) of a class in percent; NaN when it is neither there nor predicted.</summary>
    public double this[int c]
    {
        get
        {
            long union = -_counts[c * Classes + c];
            for (int other = 0; other < Classes; other++) union += _counts[c * Classes + other] + _counts[other * Classes + c];
            return 100.0 * _counts[c * Classes + c] / union;
        }
    }

    /// <summary>Mean over the classes, those without any pixel aside.</summary>
    public double Mean => Enumerable.Range(0, Classes).Select(c => this[c]).Where(iou => !double.IsNaN(iou)).Average();

    /// <summary>All numbers by name: mIoU, IoU 0 to IoU 4.</summary>
    public Dictionary<string, double> Measures()
    {
        var measures = new Dictionary<string, double> { ["mIoU"] = Mean };
        for (int c = 0; c < Classes; c++) measures[$"IoU {c}"] = this[c];
        return measures;
    }

    /// <summary>Scores a network on images.</summary>
    /// <param name="device">Where it runs.</param>
    /// <param name="images">The images.</param>
    /// <param name="scores">Gives logits [N, classes, height, width] for some of the images.</param>
    /// <param name="cancellation">Ends it between batches.</param>
    public static ApronedScore Of(Device device, ApronedImages images, Func<int[], Tensor> scores, CancellationToken cancellation = default)
    {
        const int batch = 20;
        var score = new ApronedScore();
        int size = Classes * images.Size * images.Size;
        for (int first = 0; first < images.Count; first += batch)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = device.Scope();
            int[] indices = [.. Enumerable.Range(first, Math.Min(batch, images.Count - first))];
            float[] logits = scores(indices).ToArray();
            for (int i = 0; i < indices.Length; i++) score.Add(logits.AsSpan(i * size, size), images.Labels(indices[i]));
        }
        return score;
    }
}
