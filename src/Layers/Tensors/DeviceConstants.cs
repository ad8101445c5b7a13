using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Makes tensors of constant contents on a device. They belong to the innermost scope (a tape, or <c>device.Scope()</c>).</summary>
public static class DeviceConstants
{
    /// <summary>A tensor of zeros.</summary>
    public static Tensor Zeros(this Device device, Shape shape) => device.Full(shape, 0f);

    /// <summary>A tensor of ones.</summary>
    public static Tensor Ones(this Device device, Shape shape) => device.Full(shape, 1f);

    /// <summary>A tensor whose elements all have one value.</summary>
    public static Tensor Full(this Device device, Shape shape, float value)
    {
        var tensor = GpuNets.Tensor.Empty(device, shape, "constant");
        Fill.Launch(tensor.Buffer, value);
        return tensor;
    }

    /// <summary>The numbers 0, 1, .. count - 1.</summary>
    /// <exception cref="ShapeException">The count is negative.</exception>
    public static Tensor Arange(this Device device, int count) => device.Arange(0f, 1f, count);

    /// <summary>The numbers start, start + step, .. (count of them).</summary>
    /// <exception cref="ShapeException">The count is negative.</exception>
    public static Tensor Arange(this Device device, float start, float step, int count)
    {
        Shape shape = count;
        float[] values = new float[count];
        for (int i = 0; i < count; i++) values[i] = start + i * step;
        return device.Tensor(values, shape);
    }

    /// <summary>The unit matrix, [size, size].</summary>
    /// <exception cref="ShapeException">The size is negative, or the matrix has more than 2^31 - 1 elements.</exception>
    public static Tensor Eye(this Device device, int size)
    {
        Shape shape = (size, size);
        float[] values = new float[shape.Count];
        for (int i = 0; i < size; i++) values[i * size + i] = 1f;
        return device.Tensor(values, shape);
    }
}
