using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// Score maps of a front end that stays as it is, for all pictures of a set, with their labels, on the host: what a context module is trained
/// on. Half of the maps of a batch are mirrored by chance, scores and labels alike.
/// </summary>
internal sealed class ScoreMaps
{
    private readonly List<float[]> _scores = [];
    private readonly List<int[]> _labels = [];
    private readonly Philox _random;
    private readonly int _classes, _rows, _columns;

    /// <summary>Computes the maps.</summary>
    /// <param name="front">The front end.</param>
    /// <param name="batches">Gives whole pictures; all must have one size in cells.</param>
    /// <param name="pictures">How many there are.</param>
    /// <param name="seed">Seed of the order and of mirroring.</param>
    public ScoreMaps(VggFrontEnd front, SegmentationBatches batches, int pictures, ulong seed)
    {
        var device = front.Parameters[0].Device;
        _random = new Philox(seed).Fork("score maps");
        for (int i = 0; i < pictures; i++)
        {
            using var batch = batches.Whole(i);
            using var scope = device.Scope();
            var scores = front.Forward(batch.Upload(device).Images, dropout: false);
            if (i == 0) (_classes, _rows, _columns) = (scores.Shape[1], scores.Shape[2], scores.Shape[3]);
            else if (scores.Shape[2] != _rows || scores.Shape[3] != _columns)
                throw new ShapeException("ScoreMaps", $"picture {i} has {scores.Shape[2]} x {scores.Shape[3]} cells, the first {_rows} x {_columns}; set ContextStage.CropCells.");
            _scores.Add(scores.ToArray());
            _labels.Add([.. batch.Labels]);   // the batch takes its memory back
        }
    }

    /// <summary>Scores [size, classes, rows, columns] and labels [size, rows, columns] of a number; they belong to the innermost scope.</summary>
    public (Tensor Scores, IndexTensor Labels) Batch(Device device, int size, long index)
    {
        int cells = _rows * _columns;
        float[] scores = new float[size * _classes * cells];
        int[] labels = new int[size * cells];
        for (int b = 0; b < size; b++)
        {
            var random = _random.Fork($"{index} {b}");
            int picture = random.Below(0, _scores.Count);
            bool mirrored = random.Below(1, 2) == 1;
            Copy(_scores[picture], scores.AsSpan(b * _classes * cells, _classes * cells), mirrored);
            Copy(_labels[picture], labels.AsSpan(b * cells, cells), mirrored);
        }
        return (device.Tensor(scores, (size, _classes, _rows, _columns)), device.Indices(labels, (size, _rows, _columns), LabelMap.Void + 1));
    }

    private void Copy<T>(T[] from, Span<T> to, bool mirrored)
    {
        from.CopyTo(to);
        if (!mirrored) return;
        for (int start = 0; start < to.Length; start += _columns) to.Slice(start, _columns).Reverse();
    }
}
