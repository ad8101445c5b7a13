namespace GpuNets;

/// <summary>
/// A tensor that is saved and loaded with the parameters but not trained: running statistics, what PyTorch calls a buffer. Made by
/// <see cref="Vars"/> alone; a layer updates it in place.
/// </summary>
public sealed class StateBuffer : Tensor
{
    internal StateBuffer(string path, Shape shape, DeviceBuffer buffer) : base(shape, buffer)
    {
        Path = path;
        buffer.Label = $"{path} {shape}";
    }

    /// <summary>Its name in checkpoints, for instance <c>norm.running_mean</c>.</summary>
    public string Path { get; }

    /// <summary>Replaces the values.</summary>
    /// <param name="values">As many values as the shape has elements, in row-major order.</param>
    /// <exception cref="ShapeException">There are more or fewer.</exception>
    public void Assign(ReadOnlySpan<float> values)
    {
        if (values.Length != Count) throw new ShapeException("Assign", $"{Path} has {Count} elements ({Shape}), got {values.Length} values.");
        Buffer.Write(values);
    }

    /// <inheritdoc/>
    public override string ToString() => $"StateBuffer {Path} {Shape}";
}
