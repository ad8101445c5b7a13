using System.Collections.Concurrent;

namespace GpuNets.Training;

/// <summary>Keeps what was read of another set in memory, up to a limit; what does not fit is read again each time.</summary>
/// <param name="data">The set.</param>
/// <param name="maxBytes">Most bytes of pixels and labels that are kept.</param>
public sealed class CachedSegmentationData(ISegmentationData data, long maxBytes = 1L << 30) : ISegmentationData
{
    private readonly ConcurrentDictionary<int, SegmentationSample> _kept = [];
    private long _bytes;

    /// <inheritdoc/>
    public int Count => data.Count;

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => data.ClassNames;

    /// <inheritdoc/>
    public Palette Palette => data.Palette;

    /// <summary>Bytes that are kept.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <inheritdoc/>
    /// <remarks>The sample is shared by all who read it; do not write to it.</remarks>
    public SegmentationSample Read(int index)
    {
        if (_kept.TryGetValue(index, out var known)) return known;
        var sample = data.Read(index);
        int size = sample.Image.Pixels.Length + sample.Labels.Labels.Length;
        // The room is taken before the sample is kept, and given back when there is none or another thread was faster.
        if (Interlocked.Add(ref _bytes, size) > maxBytes || !_kept.TryAdd(index, sample)) Interlocked.Add(ref _bytes, -size);
        return sample;
    }
}
