using ILGPU;

namespace GpuNets.Kernels;

/// <summary>Weight and bias of channels; 1 and 0 where there are none.</summary>
internal struct ChannelAffine
{
    public ArrayView<float> Weight, Bias;
    public int HasWeight, HasBias;

    /// <param name="weight">One value for each channel, or null.</param>
    /// <param name="bias">One value for each channel, or null.</param>
    /// <param name="any">Stands in for what is missing: a kernel's view must not be empty.</param>
    public static ChannelAffine Of(DeviceBuffer? weight, DeviceBuffer? bias, DeviceBuffer any) => new()
    {
        Weight = (weight ?? any).Floats,
        Bias = (bias ?? any).Floats,
        HasWeight = weight is null ? 0 : 1,
        HasBias = bias is null ? 0 : 1,
    };

    public readonly float WeightOf(int channel) => HasWeight == 0 ? 1f : Weight[channel];

    public readonly float BiasOf(int channel) => HasBias == 0 ? 0f : Bias[channel];
}
