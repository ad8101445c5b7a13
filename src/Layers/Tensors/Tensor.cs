namespace GpuNets;

/// <summary>
/// A contiguous array of float32 values on a device. Operations on tensors run on the device and return new tensors; while a
/// <see cref="Tape"/> is open they are recorded, so that gradients can be computed. While a tape is open tensors do not change.
/// </summary>
public partial class Tensor
{
    internal Tensor(Shape shape, DeviceBuffer buffer)
    {
        Shape = shape;
        Buffer = buffer;
    }

    /// <summary>Dimensions, outermost first.</summary>
    public Shape Shape { get; }

    /// <summary>The device that holds the values.</summary>
    public Device Device => Buffer.Device;

    /// <summary>Number of values.</summary>
    public int Count => Shape.Count;

    /// <summary>True if gradients flow to this tensor: a parameter, a watched input, or the result of an operation on one.</summary>
    public bool RequiresGradient { get; internal set; }

    internal DeviceBuffer Buffer { get; set; }

    /// <summary>The gradient while <see cref="Tape.Backward(Tensor)"/> runs, and after it for parameters and watched inputs.</summary>
    internal DeviceBuffer? GradientBuffer { get; set; }

    /// <summary>Copies the values to the host, in row-major order; waits for the device.</summary>
    public float[] ToArray()
    {
        var values = new float[Count];
        Buffer.Read(values);
        return values;
    }

    /// <summary>Copies the values to a span of at least <see cref="Count"/> floats.</summary>
    public void CopyTo(Span<float> target)
    {
        if (target.Length < Count) throw new ShapeException("CopyTo", $"target has {target.Length} values but the tensor has {Count} ({Shape}).");
        Buffer.Read(target[..Count]);
    }

    /// <summary>Replaces the values with those of the host; for tensors that a captured step takes as input.</summary>
    /// <param name="values">As many values as the shape has elements, in row-major order.</param>
    /// <exception cref="ShapeException">Their number is another.</exception>
    /// <exception cref="InvalidOperationException">A tape is open: it may hold the values for gradients.</exception>
    public void CopyFrom(ReadOnlySpan<float> values)
    {
        ThrowIfRecorded();
        if (values.Length != Count) throw new ShapeException("CopyFrom", $"the tensor has {Count} elements ({Shape}), got {values.Length} values.");
        Buffer.Write(values);
    }

    /// <summary>Replaces the values with those of another tensor of the device, in launch order: the host does not wait.</summary>
    /// <param name="source">A tensor of the same shape.</param>
    /// <inheritdoc cref="CopyFrom(ReadOnlySpan{float})"/>
    public void CopyFrom(Tensor source)
    {
        ThrowIfRecorded();
        Op.CheckDevice("CopyFrom", Device, source.Device);
        if (source.Shape != Shape) throw new ShapeException("CopyFrom", $"the tensor has shape {Shape}, the source {source.Shape}.");
        Device.Copy(source.Buffer, Buffer);
    }

    private void ThrowIfRecorded()
    {
        if (Tape.Of(Device) is not null)
            throw new InvalidOperationException("CopyFrom: a tape is open, which may hold the values for gradients; write before it is opened.");
    }

    /// <summary>The value of a tensor with exactly one element.</summary>
    /// <exception cref="ShapeException">The tensor has another number of elements.</exception>
    public float Item()
    {
        if (Count != 1) throw new ShapeException("Item", $"expected a tensor with one element, got {Shape}.");
        Span<float> value = stackalloc float[1];
        Buffer.Read(value);
        return value[0];
    }

    /// <summary>The same values, cut off from the tape: no gradient flows through the result.</summary>
    public Tensor Detach() => new(Shape, Buffer);

    /// <summary>A tensor of undefined contents, owned by the innermost scope.</summary>
    internal static Tensor Empty(Device device, Shape shape, string label) => new(shape, device.AllocateTemporary(shape.Count, label));
}
