using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Counts on the device how often each class is predicted for each label, over any number of batches: what per-class and mean IoU are made
/// of. Sums are integers, so that neither the order of batches nor the device changes a score. The host waits only in <see cref="Counts"/>.
/// </summary>
public sealed class ConfusionMatrix : IDisposable
{
    private readonly DeviceBuffer _recent;
    private readonly long[] _older;
    private long _pending;   // positions in _recent: as 32-bit counters may hold no more than 2^31 - 1
    private ConfusionCounts? _counts;

    /// <summary>A matrix without counts.</summary>
    /// <param name="device">Where labels and predictions live.</param>
    /// <param name="classes">Number of classes K.</param>
    /// <param name="ignoredLabel">Positions with this label count nowhere: 255 is "void" in most data sets.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class, or more than 4096.</exception>
    public ConfusionMatrix(Device device, int classes, int ignoredLabel = 255)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classes, 4096);
        (Device, Classes, IgnoredLabel) = (device, classes, ignoredLabel);
        _recent = device.Allocate(Confusion.Cells(classes), "confusion matrix");
        _older = new long[_recent.Length];
        Clear();
    }

    /// <summary>Where it counts.</summary>
    public Device Device { get; }

    /// <summary>Number of classes K.</summary>
    public int Classes { get; }

    /// <summary>The label of positions that count nowhere.</summary>
    public int IgnoredLabel { get; }

    /// <summary>Adds a batch.</summary>
    /// <param name="predictions">Predicted classes, of any shape.</param>
    /// <param name="labels">True classes, of the same shape.</param>
    /// <exception cref="ShapeException">The shapes differ, or a label or prediction is known to be no class.</exception>
    public void Add(IndexTensor predictions, IndexTensor labels)
    {
        Op.CheckDevice("ConfusionMatrix", Device, labels.Device);
        Op.CheckDevice("ConfusionMatrix", Device, predictions.Device);
        if (predictions.Shape != labels.Shape)
            throw new ShapeException("ConfusionMatrix", $"predictions {predictions.Shape} and labels {labels.Shape} must have one shape.");
        if (labels.Count > 0 && (labels.Minimum < 0 || labels.Maximum >= Classes))
        {
            int at = Array.FindIndex(labels.HostValues, label => label != IgnoredLabel && (label < 0 || label >= Classes));
            if (at >= 0) throw new ShapeException("ConfusionMatrix", $"label {labels.HostValues[at]} at position {at} is not one of the {Classes} classes (0 to {Classes - 1}; {IgnoredLabel} is ignored).");
        }
        if (_pending + labels.Count > int.MaxValue) Flush();
        Confusion.Add(labels.Buffer, predictions.Buffer, _recent, Classes, IgnoredLabel);
        _pending += labels.Count;
        _counts = null;
    }

    /// <summary>Adds a batch of scores: the class of the largest one is predicted.</summary>
    /// <param name="scores">Logits or probabilities with an axis of <see cref="Classes"/>: [N, K, H, W].</param>
    /// <param name="labels">True classes, of the shape of the scores without that axis: [N, H, W].</param>
    /// <param name="axis">The axis of classes.</param>
    /// <exception cref="ShapeException">The shapes do not fit, or a label is known to be no class.</exception>
    public void Add(Tensor scores, IndexTensor labels, int axis = 1)
    {
        axis = scores.Shape.Axis(axis, "ConfusionMatrix");
        if (scores.Shape[axis] != Classes)
            throw new ShapeException("ConfusionMatrix", $"axis {axis} of the scores {scores.Shape} has {scores.Shape[axis]} entries, but there are {Classes} classes.");
        using var scope = Device.Scope();
        Add(scores.ArgMax(axis), labels);
    }

    /// <summary>The counts so far; waits for the device.</summary>
    /// <exception cref="ShapeException">A label or prediction that a device computed was no class; nothing can be said about the scores.</exception>
    public ConfusionCounts Counts
    {
        get
        {
            if (_counts is not null) return _counts;
            Flush();
            if (_older[^1] > 0)
                throw new ShapeException("ConfusionMatrix", $"{_older[^1]} positions had a label or a prediction that is not one of the {Classes} classes.");
            return _counts = new ConfusionCounts(Classes, _older.AsSpan(0, Classes * Classes));
        }
    }

    /// <summary>Forgets all counts.</summary>
    public void Clear()
    {
        Device.Clear(_recent);
        Array.Clear(_older);
        _pending = 0;
        _counts = null;
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose() => _recent.Free();

    /// <inheritdoc/>
    public override string ToString() => $"ConfusionMatrix({Classes} classes, {IgnoredLabel} ignored) on {Device.Info.Id}";

    private void Flush()
    {
        if (_pending == 0) return;
        int[] recent = new int[_recent.Length];
        _recent.Read(recent);
        for (int k = 0; k < recent.Length; k++) _older[k] += recent[k];
        Device.Clear(_recent);
        _pending = 0;
    }
}
