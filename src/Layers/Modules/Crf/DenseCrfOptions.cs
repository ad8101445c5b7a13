namespace GpuNets;

/// <summary>
/// Settings of a <see cref="DenseCrf"/>: the energy sum over i of -ln p(x_i) + sum over i &lt; j of mu(x_i, x_j) (w1 k_bilateral + w2 k_spatial).
/// The defaults are those of the examples of pydensecrf, the wrapper of the authors' code; good ones depend on the data set.
/// </summary>
public sealed record DenseCrfOptions
{
    /// <summary>w1: weight of the bilateral kernel; 0 leaves it out.</summary>
    public float BilateralWeight { get; init; } = 10;

    /// <summary>w2: weight of the spatial kernel; 0 leaves it out.</summary>
    public float SpatialWeight { get; init; } = 3;

    /// <summary>The kernels.</summary>
    public CrfKernels Kernels { get; init; } = new();

    /// <summary>Mean-field iterations.</summary>
    public int Iterations { get; init; } = 10;

    /// <summary>mu, [C, C]: what labels x_i (row) and x_j (column) cost if they are alike; null for Potts, 1 where they differ.</summary>
    public float[,]? Compatibility { get; init; }

    internal DenseCrfOptions Checked()
    {
        Kernels.Check("DenseCrf");
        ArgumentOutOfRangeException.ThrowIfNegative(Iterations);
        if (!float.IsFinite(BilateralWeight) || !float.IsFinite(SpatialWeight))
            throw new ArgumentOutOfRangeException(nameof(BilateralWeight), $"DenseCrf: weights of kernels must be numbers, got {BilateralWeight} and {SpatialWeight}.");
        if (Compatibility is { } mu && mu.GetLength(0) != mu.GetLength(1))
            throw new ShapeException("DenseCrf", $"the compatibility must be square, got [{mu.GetLength(0)}, {mu.GetLength(1)}].");
        return this;
    }
}
