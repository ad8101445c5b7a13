namespace GpuNets;

/// <summary>
/// Settings of a <see cref="CrfRnn"/>. Weights, deviations and iterations are at first those of the authors' PyTorch code; how filters are normalised is
/// an option here.
/// </summary>
public sealed record CrfRnnOptions
{
    /// <summary>Initial weight of the bilateral kernel.</summary>
    public float BilateralWeight { get; init; } = 5;

    /// <summary>Initial weight of the spatial kernel.</summary>
    public float SpatialWeight { get; init; } = 3;

    /// <summary>Shape of the weights.</summary>
    public CrfWeights Weights { get; init; } = CrfWeights.Matrix;

    /// <summary>True trains a compatibility matrix; false keeps Potts labels.</summary>
    public bool Compatibility { get; init; } = true;

    /// <summary>The kernels, which are not trained.</summary>
    public CrfKernels Kernels { get; init; } = new() { ThetaAlpha = 160, ThetaBeta = 3, ThetaGamma = 3 };

    /// <summary>Mean-field iterations: 5 in training, 10 to predict with, in the paper.</summary>
    public int Iterations { get; init; } = 5;
}
