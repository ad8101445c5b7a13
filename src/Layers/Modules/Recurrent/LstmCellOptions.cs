namespace GpuNets;

/// <summary>Settings of an <see cref="LstmCell"/>; the defaults are PyTorch's.</summary>
public sealed record LstmCellOptions
{
    /// <inheritdoc cref="LstmOptions.Bias"/>
    public bool Bias { get; init; } = true;

    /// <inheritdoc cref="LstmOptions.ForgetBias"/>
    public float? ForgetBias { get; init; }

    /// <inheritdoc cref="LstmOptions.InputWeightInitializer"/>
    public Initializer? InputWeightInitializer { get; init; }

    /// <inheritdoc cref="LstmOptions.HiddenWeightInitializer"/>
    public Initializer? HiddenWeightInitializer { get; init; }

    /// <inheritdoc cref="LstmOptions.BiasInitializer"/>
    public Initializer? BiasInitializer { get; init; }
}
