using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Filters values on positions with features f by the kernel k(i, j) = e^(-|f_i - f_j|^2 / 2), each sample on its own: positions of an image
/// blur it, positions and colours smooth it within its edges. Divide features by the deviations wanted. The filter is linear, and its gradient
/// is the transposed filter; features have no gradient. It belongs to the scope in which it was made.
/// </summary>
/// <remarks>The sum includes the position itself, as in all published code; the mean-field equations leave it out.</remarks>
public abstract class GaussianFilter
{
    private protected GaussianFilter(string operation, Tensor features)
    {
        if (features.Shape.Rank < 3 || features.Count == 0)
            throw new ShapeException(operation, $"features must be [N, d, positions..] with three axes or more and at least one element, got {features.Shape}.");
        Features = features.Shape;
        Device = features.Device;
        Positions = features.Shape.Product(2, features.Shape.Rank);
    }

    /// <summary>The device that holds the filter.</summary>
    public Device Device { get; }

    /// <summary>Number of samples N.</summary>
    public int Samples => Features[0];

    /// <summary>Number of features d of a position.</summary>
    public int Dimensions => Features[1];

    /// <summary>Number of positions P of a sample.</summary>
    public int Positions { get; }

    /// <summary>Shape of the features, [N, d, positions..].</summary>
    private protected Shape Features { get; }

    /// <summary>Filters the channels of images.</summary>
    /// <param name="x">[N, C, positions..], positions as the features have them.</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ShapeException">Samples or positions are not those of the features.</exception>
    public Tensor Filter(Tensor x)
    {
        if (x.Shape.Rank != Features.Rank || x.Shape[0] != Samples || !x.Shape.Dimensions[2..].SequenceEqual(Features.Dimensions[2..]))
            throw new ShapeException("GaussianFilter", $"{this} takes [{Samples}, C, {string.Join(", ", Features.Dimensions[2..].ToArray())}], got {x.Shape}.");
        if (x.Shape[1] == 1) return FilterRows(x.Reshape(Samples, Positions, 1)).Reshape(x.Shape.Dimensions);
        return FilterRows(x.Reshape(Samples, -1, Positions).Transpose()).Transpose().Reshape(x.Shape.Dimensions);
    }

    /// <summary>Filters values whose channels lie side by side, which spares the two transpositions.</summary>
    /// <param name="x">[N, P, C].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ShapeException">Samples or positions are not those of the features.</exception>
    public Tensor FilterRows(Tensor x) => GaussianFilterOp.Apply(this, x);

    /// <summary>y (+)= the filter of x, or the transposed filter; both [N, P, columns].</summary>
    internal abstract void Run(DeviceBuffer x, DeviceBuffer y, int columns, bool transposed, bool accumulate);

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name}({Dimensions} features, {Samples} x {Positions} positions) on {Device.Info.Id}";
}
