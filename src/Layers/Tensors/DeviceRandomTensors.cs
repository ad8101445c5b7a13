using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Makes random tensors on a device.</summary>
public static class DeviceRandomTensors
{
    /// <summary>
    /// Uniform numbers in [low, high): element i is low + (high - low) * <c>random.Uniform(i)</c>, the same bits on every device.
    /// </summary>
    /// <param name="device">Where to compute and keep them.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="random">The sequence to take them from.</param>
    /// <param name="low">Lower end.</param>
    /// <param name="high">Upper end.</param>
    public static Tensor RandomUniform(this Device device, Shape shape, Philox random, float low = 0f, float high = 1f)
    {
        var tensor = Tensor.Empty(device, shape, "RandomUniform");
        Kernels.RandomUniform.Launch(tensor.Buffer, random, low, high);
        return tensor;
    }

    /// <summary>
    /// Normal numbers from 24-bit uniform ones (Box-Muller): the same on every device up to rounding, none further than 5.8 deviations out.
    /// </summary>
    /// <param name="device">Where to compute and keep them.</param>
    /// <param name="shape">Shape of the result.</param>
    /// <param name="random">The sequence to take them from.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation.</param>
    public static Tensor RandomNormal(this Device device, Shape shape, Philox random, float mean = 0f, float deviation = 1f)
    {
        var tensor = Tensor.Empty(device, shape, "RandomNormal");
        Kernels.RandomNormal.Launch(tensor.Buffer, random, mean, deviation);
        return tensor;
    }
}
