namespace GpuNets;

/// <summary>Settings of a <see cref="Conv2d"/>.</summary>
public sealed record Conv2dOptions : ConvOptions
{
    /// <summary>Step from one output to the next.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Zeros at each side.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>Step from one tap to the next.</summary>
    public Size2d Dilation { get; init; } = 1;
}
