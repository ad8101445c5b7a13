namespace GpuNets;

/// <summary>Settings of a <see cref="GruCell"/>; the defaults are PyTorch's.</summary>
public sealed record GruCellOptions
{
    /// <inheritdoc cref="GruOptions.Bias"/>
    public bool Bias { get; init; } = true;

    /// <inheritdoc cref="GruOptions.InputWeightInitializer"/>
    public Initializer? InputWeightInitializer { get; init; }

    /// <inheritdoc cref="GruOptions.HiddenWeightInitializer"/>
    public Initializer? HiddenWeightInitializer { get; init; }

    /// <inheritdoc cref="GruOptions.BiasInitializer"/>
    public Initializer? BiasInitializer { get; init; }
}
