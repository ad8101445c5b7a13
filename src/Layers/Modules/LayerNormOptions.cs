namespace GpuNets;

/// <summary>Settings of a <see cref="LayerNorm"/>.</summary>
public sealed record LayerNormOptions
{
    /// <summary>Added to the variance; above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>False leaves weight and bias out.</summary>
    public bool Weight { get; init; } = true;

    /// <summary>False leaves the bias out.</summary>
    public bool Bias { get; init; } = true;
}
