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
        CheckCount(values.Length, shape);
        int minimum = values.IsEmpty ? 0 : values[0], maximum = values.IsEmpty ? -1 : values[0];
        foreach (int value in values)
        {
            minimum = Math.Min(minimum, value);
            maximum = Math.Max(maximum, value);
        }
        return Indices(device, values, shape, minimum, maximum);
    }

    /// <summary>An index tensor whose values lie in 0 to <paramref name="below"/> - 1, also those that replace them (<see cref="IndexTensor.CopyFrom"/>).</summary>
    /// <exception cref="ShapeException">The number of values is not the number of elements of <paramref name="shape"/>, or a value is out of range.</exception>
    public static IndexTensor Indices(this Device device, ReadOnlySpan<int> values, Shape shape, int below)
    {
        CheckCount(values.Length, shape);
        foreach (int value in values)
        {
            if (value < 0 || value >= below) throw new ShapeException("Indices", $"index {value} is not in 0 to {below - 1}.");
        }
        return Indices(device, values, shape, 0, below - 1);
    }

    private static void CheckCount(int count, Shape shape)
    {
        if (count != shape.Count) throw new ShapeException("Indices", $"{count} values do not fill {shape} ({shape.Count} elements).");
    }

    private static IndexTensor Indices(Device device, ReadOnlySpan<int> values, Shape shape, int minimum, int maximum)
    {
        var buffer = device.AllocateTemporary(shape.Count, "indices");
        buffer.Write(values);
        // A copy spares other devices the transfer back when a gradient sorts the indices.
        return new IndexTensor(shape, buffer, minimum, maximum, device.Kind == DeviceKind.Cpu ? null : values.ToArray());
    }

    /// <summary>An index vector with the given values.</summary>
    public static IndexTensor Indices(this Device device, params ReadOnlySpan<int> values) => device.Indices(values, values.Length);
}
