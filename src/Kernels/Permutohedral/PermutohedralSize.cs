namespace GpuNets.Kernels;

/// <summary>
/// Sizes of a permutohedral lattice: positions with features of some dimensions, each in a simplex of that many vertices and one more. An
/// entry is a vertex of the simplex of a position: entry = position * corners + remainder.
/// </summary>
/// <param name="samples">Samples, whose lattices do not touch.</param>
/// <param name="positions">Positions of a sample.</param>
/// <param name="dimensions">Features of a position.</param>
internal readonly struct PermutohedralSize(int samples, int positions, int dimensions)
{
    public readonly int Samples = samples, Positions = positions, Dimensions = dimensions;

    /// <summary>Vertices of a simplex; also coordinates in the space of the lattice, and words of a key.</summary>
    public int Corners => Dimensions + 1;

    public readonly int Entries = checked(samples * positions * (dimensions + 1));

    /// <summary>Divides by <see cref="Corners"/>.</summary>
    public readonly StridedAxis ByCorners = new(dimensions + 1, 0, 0);

    /// <summary>Divides by <see cref="Positions"/>.</summary>
    public readonly StridedAxis ByPositions = new(positions, 0, 0);

    /// <summary>
    /// What a filtered value is multiplied with so that sums over dense features are those of the kernel e^(-|f|^2 / 2): the integral of the
    /// kernel, (2 pi)^(d/2), over what a unit at a vertex becomes in the blur, 2^(d+1), times the volume of feature space per vertex,
    /// (3/2)^(d/2) / sqrt(d + 1).
    /// </summary>
    public double Gain =>
        Math.Pow(2 * Math.PI, Dimensions / 2.0) / (Math.Pow(2, Corners) * Math.Pow(1.5, Dimensions / 2.0) / Math.Sqrt(Corners));
}
