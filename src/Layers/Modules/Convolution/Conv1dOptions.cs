namespace GpuNets;

/// <summary>Settings of a <see cref="Conv1d"/>.</summary>
public sealed record Conv1dOptions : ConvOptions
{
    /// <summary>Step from one output to the next.</summary>
    public int Stride { get; init; } = 1;

    /// <summary>Zeros at both ends.</summary>
    public Padding1d Padding { get; init; }

    /// <summary>Step from one tap to the next.</summary>
    public int Dilation { get; init; } = 1;
}
