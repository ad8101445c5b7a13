using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// A <see cref="GaussianFilter"/> that sums over all pairs of positions: for maps of a few thousand positions, and to judge approximations by.
/// The kernel matrix is made in pieces and never held as a whole.
/// </summary>
public sealed class ExactGaussianFilter : GaussianFilter
{
    private readonly ExactGaussian _filter;

    /// <summary>Makes the factors that normalise the filter.</summary>
    /// <param name="features">f: [N, d, positions..], in units of the deviation of the kernel.</param>
    /// <param name="normalization">By what sums are divided.</param>
    /// <exception cref="ShapeException">There are no features.</exception>
    public ExactGaussianFilter(Tensor features, FilterNormalization normalization = FilterNormalization.Symmetric) : base("ExactGaussianFilter", features) =>
        _filter = ExactGaussian.Build(
            features.Buffer, Samples, Dimensions, Positions,
            byRight: normalization is FilterNormalization.Before or FilterNormalization.Symmetric,
            byLeft: normalization is FilterNormalization.After or FilterNormalization.Symmetric);

    internal override void Run(DeviceBuffer x, DeviceBuffer y, int columns, bool transposed, bool accumulate) =>
        _filter.Filter(x, y, columns, transposed, accumulate);
}
