namespace GpuNets.Training;

/// <summary>
/// Pictures and labels as a network takes them, on the host. Dispose it after the upload: its memory then serves the next batch. New arrays
/// of megabytes cost more than filling them; a batch that is not disposed is merely slower.
/// </summary>
public sealed class SegmentationBatch : IDisposable
{
    private readonly SegmentationBatchPool _pool;
    private float[]? _images;
    private int[]? _labels;

    internal SegmentationBatch(SegmentationBatchPool pool, Shape imageShape, Shape labelShape, IReadOnlyList<int> samples)
    {
        (_pool, ImageShape, LabelShape, Samples) = (pool, imageShape, labelShape, samples);
        (_images, _labels) = pool.Take(imageShape.Count, labelShape.Count);
    }

    /// <summary>Shape of the inputs: [samples, 3, height, width].</summary>
    public Shape ImageShape { get; }

    /// <summary>Shape of the labels: [samples, rows, columns], one for each output of the network.</summary>
    public Shape LabelShape { get; }

    /// <summary>Which pictures of the set they are.</summary>
    public IReadOnlyList<int> Samples { get; }

    /// <summary>Inputs in row-major order.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed.</exception>
    public float[] Images => _images ?? throw new ObjectDisposedException(nameof(SegmentationBatch));

    /// <summary>Labels in row-major order, <see cref="LabelMap.Void"/> where there is none.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed.</exception>
    public int[] Labels => _labels ?? throw new ObjectDisposedException(nameof(SegmentationBatch));

    /// <summary>Copies the batch to a device: images [N, 3, H, W] and labels [N, rows, columns]. They belong to the innermost scope.</summary>
    /// <exception cref="ObjectDisposedException">The batch is disposed.</exception>
    public (Tensor Images, IndexTensor Labels) Upload(Device device) => (device.Tensor(Images, ImageShape), device.Indices(Labels, LabelShape, LabelMap.Void + 1));

    /// <summary>Gives the memory to batches to come.</summary>
    public void Dispose()
    {
        // Whoever takes the array gives it back: a second call, also of another thread, does nothing.
        if (Interlocked.Exchange(ref _images, null) is { } images && Interlocked.Exchange(ref _labels, null) is { } labels) _pool.Return(images, labels);
    }
}
