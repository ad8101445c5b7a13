namespace GpuNets;

/// <summary>A contiguous array of int32 values on a device: labels, token ids, indices. Has no gradient.</summary>
public sealed class IndexTensor
{
    internal IndexTensor(Shape shape, DeviceBuffer buffer, int minimum, int maximum)
    {
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

    /// <summary>Copies the values to the host, in row-major order; waits for the device.</summary>
    public int[] ToArray()
    {
        var values = new int[Count];
        Buffer.Read(values);
        return values;
    }

    /// <inheritdoc/>
    public override string ToString() => $"IndexTensor {Shape} on {Device.Info.Id}";
}
