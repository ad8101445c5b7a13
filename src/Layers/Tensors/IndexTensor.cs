using GpuNets.Kernels;

namespace GpuNets;

/// <summary>A contiguous array of int32 values on a device: labels, token ids, indices. Has no gradient.</summary>
public sealed class IndexTensor
{
    private int[]? _hostValues;
    private (int Skip, IndexSegments Segments)? _segments;

    /// <summary>Wraps a buffer; <paramref name="values"/> are its contents if the host has them.</summary>
    internal IndexTensor(Shape shape, DeviceBuffer buffer, int minimum, int maximum, int[]? values = null)
    {
        _hostValues = values;
        Shape = shape;
        Buffer = buffer;
        Minimum = minimum;
        Maximum = maximum;
    }

    /// <summary>Dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The device that holds the values.</summary>
    public Device Device => Buffer.Device;

    /// <summary>Number of values.</summary>
    public int Count => Shape.Count;

    internal DeviceBuffer Buffer { get; }

    /// <summary>Smallest value. Known from the upload, so that ops can refuse a bad index before a kernel touches memory.</summary>
    internal int Minimum { get; }

    /// <summary>Largest value.</summary>
    internal int Maximum { get; }

    /// <summary>The values on the host, kept: gradients of selections sort them.</summary>
    internal int[] HostValues => _hostValues ??= ToArray();

    /// <summary>Copies the values to the host, in row-major order; waits for the device.</summary>
    public int[] ToArray()
    {
        var values = new int[Count];
        Buffer.Read(values);
        return values;
    }

    /// <summary>Replaces the values; for tensors that a captured step takes as input.</summary>
    /// <param name="values">As many as the shape has elements, each within the range that the tensor was made with.</param>
    /// <exception cref="ShapeException">Their number is another, or one is out of range.</exception>
    /// <exception cref="InvalidOperationException">A tape is open: it may hold the values for gradients.</exception>
    public void CopyFrom(ReadOnlySpan<int> values)
    {
        if (Tape.Of(Device) is not null)
            throw new InvalidOperationException("CopyFrom: a tape is open, which may hold the values for gradients; write before it is opened.");
        if (values.Length != Count) throw new ShapeException("CopyFrom", $"the tensor has {Count} indices ({Shape}), got {values.Length} values.");
        foreach (int value in values)
        {
            if (value < Minimum || value > Maximum)
                throw new ShapeException("CopyFrom", $"index {value} is not in {Minimum} to {Maximum}; give Indices a bound for all values to come.");
        }
        Buffer.Write(values);
        _segments = null;
        _hostValues = _hostValues is null ? null : values.ToArray();
    }

    /// <summary>The positions sorted by index, without those of one index (-1: all); computed once.</summary>
    internal IndexSegments Segments(int skip)
    {
        if (_segments is { } known && known.Skip == skip) return known.Segments;
        var segments = IndexSegments.Of(HostValues, skip);
        _segments = (skip, segments);
        return segments;
    }

    /// <inheritdoc/>
    public override string ToString() => $"IndexTensor {Shape} on {Device.Info.Id}";
}
