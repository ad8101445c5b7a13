namespace GpuNets;

/// <summary>Settings of a <see cref="LayerNorm"/> or a <see cref="GroupNorm"/>.</summary>
public sealed record LayerNormOptions
{
    /// <summary>Added to the variance; above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>False leaves weight and bias out.</summary>
    public bool Weight { get; init; } = true;

    /// <summary>False leaves the bias out.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Applies max(y, 0) in the same pass, forward and backward.</summary>
    public bool Relu { get; init; }
}
