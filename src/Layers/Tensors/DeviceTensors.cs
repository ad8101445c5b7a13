namespace GpuNets;

/// <summary>Makes tensors on a device. They belong to the innermost scope (a tape, or <c>device.Scope()</c>).</summary>
public static class DeviceTensors
{
    /// <summary>A tensor with the given values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of <paramref name="shape"/>.</exception>
    public static Tensor Tensor(this Device device, ReadOnlySpan<float> values, Shape shape)
    {
        if (values.Length != shape.Count) throw new ShapeException("Tensor", $"{values.Length} values do not fill {shape} ({shape.Count} elements).");
        var tensor = GpuNets.Tensor.Empty(device, shape, "input");
        tensor.Buffer.Write(values);
        return tensor;
    }

    /// <summary>A vector with the given values.</summary>
    public static Tensor Tensor(this Device device, params ReadOnlySpan<float> values) => device.Tensor(values, values.Length);

    /// <summary>An index tensor with the given values in row-major order.</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of <paramref name="shape"/>.</exception>
    public static IndexTensor Indices(this Device device, ReadOnlySpan<int> values, Shape shape)
    {
        if (values.Length != shape.Count) throw new ShapeException("Indices", $"{values.Length} values do not fill {shape} ({shape.Count} elements).");
        int minimum = values.IsEmpty ? 0 : values[0], maximum = values.IsEmpty ? -1 : values[0];
        foreach (int value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        var buffer = device.AllocateTemporary(shape.Count, "indices");
        buffer.Write(values);
        // A copy spares other devices the transfer back when a gradient sorts the indices.
        return new IndexTensor(shape, buffer, minimum, maximum, device.Kind == DeviceKind.Cpu ? null : values.ToArray());
    }

    /// <summary>An index vector with the given values.</summary>
    public static IndexTensor Indices(this Device device, params ReadOnlySpan<int> values) => device.Indices(values, values.Length);
}
