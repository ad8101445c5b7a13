namespace GpuNets;

/// <summary>Settings of a <see cref="GruCell"/>; the defaults are PyTorch's.</summary>
public sealed record GruCellOptions
{
    /// <inheritdoc cref="GruOptions.Bias"/>
    public bool Bias { get; init; } = true;

    /// <inheritdoc cref="GruOptions.InputWeights"/>
    public Initializer? InputWeights { get; init; }

    /// <inheritdoc cref="GruOptions.HiddenWeights"/>
    public Initializer? HiddenWeights { get; init; }

    /// <inheritdoc cref="GruOptions.Biases"/>
    public Initializer? Biases { get; init; }
}
