namespace GpuNets;

/// <summary>Settings of a <see cref="ConvTranspose1d"/>.</summary>
public sealed record ConvTranspose1dOptions : ConvOptions
{
    /// <summary>Step in the output from one input to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Elements left out at both ends.</summary>
    public Padding1d Padding { get; init; }

    /// <summary>Elements more at the end of the output.</summary>
    public int OutputPadding { get; init; }

    /// <summary>Step from one tap to the next.</summary>
    public int Dilation { get; init; } = 1;
}
