namespace GpuNets.Training;

/// <summary>
/// Training batches of a set: epochs in random order, random crops of the picture continued by the margin (reflect 101), mirrored by
/// chance; labels of the pixels that the network's outputs stand for, void beyond the picture. A batch is a function of the seed and its
/// number, so a run resumes anywhere; give <see cref="Get"/> to a <see cref="Prefetcher{T}"/>.
/// </summary>
public sealed class SegmentationBatches
{
    private readonly ISegmentationData _data;
    private readonly Philox _random;
    private readonly float[] _levels;
    private readonly SegmentationBatchPool _pool = new();
    private volatile Epoch? _epoch;

    /// <summary>Prepares batches; reads nothing.</summary>
    /// <param name="data">The pictures.</param>
    /// <param name="options">How batches are cut from them.</param>
    /// <param name="seed">The seed of a run.</param>
    /// <exception cref="ArgumentException">The set is empty, an option makes no sense, or crop and geometry do not fit.</exception>
    public SegmentationBatches(ISegmentationData data, SegmentationBatchOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        if (data.Count == 0) throw new ArgumentException("SegmentationBatches: the set has no pictures.", nameof(data));
        (_data, Options, _levels) = (data, options, options.Normalization.Levels());
        _random = new Philox(seed).Fork("segmentation batches");
    }

    /// <summary>How batches are cut.</summary>
    public SegmentationBatchOptions Options { get; }

    /// <summary>Batches in which every picture occurs once; the end of an epoch and the start of the next may share a batch.</summary>
    public double BatchesPerEpoch => (double)_data.Count / Options.Size;

    /// <summary>The batch of a number. Safe from several threads.</summary>
    /// <exception cref="DataFileException">A picture or mask cannot be used.</exception>
    public SegmentationBatch Get(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        int[] samples = new int[Options.Size];
        for (int b = 0; b < samples.Length; b++) samples[b] = SampleAt(index * Options.Size + b);
        var batch = Empty(samples, Options.CropWidth, Options.CropHeight);
        ForEach(samples, (b, sample) => Fill(batch, b, sample, Place(sample.Image, index * Options.Size + b)));
        return batch;
    }

    /// <summary>
    /// Whole pictures, continued by the margin on each side and on the right and below to a whole number of strides; nothing is random.
    /// For maps of scores that a later stage trains on.
    /// </summary>
    /// <param name="samples">Which pictures; all of one size in strides.</param>
    /// <exception cref="DataFileException">A picture or mask cannot be used.</exception>
    /// <exception cref="ArgumentException">No picture is asked for, or they differ in size.</exception>
    public SegmentationBatch Whole(params IReadOnlyList<int> samples)
    {
        ArgumentNullException.ThrowIfNull(samples);
        if (samples.Count == 0) throw new ArgumentException("SegmentationBatches: no pictures asked for.", nameof(samples));
        var geometry = Options.Geometry;
        var first = _data.Read(samples[0]).Image;
        int width = geometry.InputOf(geometry.CellsToCover(first.Width)), height = geometry.InputOf(geometry.CellsToCover(first.Height));
        var batch = Empty([.. samples], width, height);
        ForEach(batch.Samples, (b, sample) =>
        {
            if (geometry.CellsToCover(sample.Image.Width) != geometry.CellsToCover(first.Width) || geometry.CellsToCover(sample.Image.Height) != geometry.CellsToCover(first.Height))
                throw new ArgumentException($"SegmentationBatches: {sample.Name} has {sample.Image.Width}x{sample.Image.Height} pixels and does not fit a batch of {first.Width}x{first.Height}.");
            Fill(batch, b, sample, new ImageWindow(-geometry.Margin, -geometry.Margin, width, height, false));
        });
        return batch;
    }

    private SegmentationBatch Empty(int[] samples, int width, int height)
    {
        Shape images = (samples.Length, 3, height, width), labels = (samples.Length, Options.Geometry.Cells(height), Options.Geometry.Cells(width));
        return new SegmentationBatch(_pool, images, labels, samples);
    }

    private void Fill(SegmentationBatch batch, int b, SegmentationSample sample, ImageWindow window)
    {
        int image = batch.Images.Length / batch.Samples.Count, labels = batch.Labels.Length / batch.Samples.Count;
        window.Fill(sample.Image, Options.Normalization, _levels, batch.Images.AsSpan(b * image, image));
        window.Sample(sample.Labels, Options.Geometry, batch.Labels.AsSpan(b * labels, labels));
    }

    private void ForEach(IReadOnlyList<int> samples, Action<int, SegmentationSample> action)
    {
        if (Options.Workers == 1 || samples.Count == 1)
        {
            for (int b = 0; b < samples.Count; b++) action(b, _data.Read(samples[b]));
            return;
        }
        try
        {
            Parallel.For(0, samples.Count, new ParallelOptions { MaxDegreeOfParallelism = Options.Workers }, b => action(b, _data.Read(samples[b])));
        }
        catch (AggregateException e)
        {
            // One error says what is wrong; several at once are mostly the same one.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    private ImageWindow Place(RgbImage image, long position)
    {
        var random = _random.Fork($"crop {position}");
        int left = Offset(random, 0, image.Width, Options.CropWidth), top = Offset(random, 1, image.Height, Options.CropHeight);
        return new ImageWindow(left, top, Options.CropWidth, Options.CropHeight, Options.Mirror && random.Below(2, 2) == 1);
    }

    // From -margin to size + margin - crop; the other way round for a picture that is smaller: the crop then holds all of it.
    private int Offset(Philox random, uint draw, int size, int crop)
    {
        int room = size + 2 * Options.Geometry.Margin - crop;
        return Math.Min(room, 0) - Options.Geometry.Margin + (Options.RandomCrop ? random.Below(draw, Math.Abs(room) + 1) : Math.Abs(room) / 2);
    }

    private int SampleAt(long position)
    {
        long number = position / _data.Count;
        var epoch = _epoch;
        if (epoch?.Number != number) _epoch = epoch = new Epoch(number, Shuffled(_random.Fork($"epoch {number}"), _data.Count));
        return epoch.Order[position % _data.Count];
    }

    private static int[] Shuffled(Philox random, int count)
    {
        int[] order = [.. Enumerable.Range(0, count)];
        for (int i = count - 1; i > 0; i--)
        {
            int j = random.Below((uint)i, i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        return order;
    }

    private sealed record Epoch(long Number, int[] Order);
}
