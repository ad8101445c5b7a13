namespace GpuNets;

/// <summary>Settings of a <see cref="BatchNorm1d"/> or <see cref="BatchNorm2d"/>.</summary>
public sealed record BatchNormOptions
{
    /// <summary>Added to the variance; above 0.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>Share of a batch in the running statistics, in [0, 1]; null gives every batch the same weight (the cumulative average).</summary>
    public float? Momentum { get; init; } = 0.1f;

    /// <summary>False leaves weight and bias out.</summary>
    public bool Affine { get; init; } = true;

    /// <summary>False leaves the running statistics out: inference then uses those of the batch, too.</summary>
    public bool TrackStatistics { get; init; } = true;

    /// <summary>Applies max(y, 0) in the same pass, forward and backward.</summary>
    public bool Relu { get; init; }
}
