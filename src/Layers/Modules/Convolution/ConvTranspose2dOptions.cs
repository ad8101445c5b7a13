namespace GpuNets;

/// <summary>Settings of a <see cref="ConvTranspose2d"/>.</summary>
public sealed record ConvTranspose2dOptions : ConvOptions
{
    /// <summary>Step in the output from one input to the next.</summary>
    public Size2d Stride { get; init; } = 1;

    /// <summary>Elements left out at each side.</summary>
    public Padding2d Padding { get; init; }

    /// <summary>Rows more at the bottom and columns more at the right of the output.</summary>
    public Size2d OutputPadding { get; init; }

    /// <summary>Step from one tap to the next.</summary>
    public Size2d Dilation { get; init; } = 1;
}
