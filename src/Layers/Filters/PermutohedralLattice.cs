using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// A <see cref="GaussianFilter"/> whose work grows with the number of positions alone: values are spread to the vertices of a lattice in the
/// space of features, blurred along its axes and read back (Adams, Baek and Davis 2010, "Fast high-dimensional filtering using the permutohedral
/// lattice"). An approximation: of street scenes, results differ from those of the exact kernel by 0.5 to 1 percent in the plane, and with colours by
/// 1 (After), 3 (Symmetric), 6 (Before) and 20 percent (None, whose gain is right for dense features alone).
/// </summary>
public sealed class PermutohedralLattice : GaussianFilter
{
    private const int MostEntries = 1 << 29;

    private readonly PermutohedralTables _tables;

    /// <summary>Builds the lattice on the device; waits for it once.</summary>
    /// <param name="features">f: [N, d, positions..], in units of the deviation of the kernel, below 10^7.</param>
    /// <param name="normalization">By what sums are divided.</param>
    /// <exception cref="ShapeException">There are no features, or N P (d + 1) exceeds 2^29.</exception>
    public PermutohedralLattice(Tensor features, FilterNormalization normalization = FilterNormalization.Symmetric)
        : base("PermutohedralLattice", features)
    {
        if ((long)Samples * Positions * (Dimensions + 1) > MostEntries)
            throw new ShapeException("PermutohedralLattice", $"features {features.Shape} have more than {MostEntries} corners of simplices; filter fewer samples at once.");
        var tables = Permutohedral.Build(features.Buffer, new PermutohedralSize(Samples, Positions, Dimensions));
        _tables = Permutohedral.Normalize(
            tables,
            bySplat: normalization is FilterNormalization.Before or FilterNormalization.Symmetric,
            bySlice: normalization is FilterNormalization.After or FilterNormalization.Symmetric);
    }

    /// <summary>Number of vertices that positions have around them.</summary>
    public int Vertices => _tables.Vertices;

    internal override void Run(DeviceBuffer x, DeviceBuffer y, int columns, bool transposed, bool accumulate) =>
        _tables.Filter(x, y, columns, transposed, accumulate);
}
