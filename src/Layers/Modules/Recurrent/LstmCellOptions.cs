namespace GpuNets;

/// <summary>Settings of an <see cref="LstmCell"/>; the defaults are PyTorch's.</summary>
public sealed record LstmCellOptions
{
    /// <inheritdoc cref="LstmOptions.Bias"/>
    public bool Bias { get; init; } = true;

    /// <inheritdoc cref="LstmOptions.ForgetBias"/>
    public float? ForgetBias { get; init; }

    /// <inheritdoc cref="LstmOptions.InputWeights"/>
    public Initializer? InputWeights { get; init; }

    /// <inheritdoc cref="LstmOptions.HiddenWeights"/>
    public Initializer? HiddenWeights { get; init; }

    /// <inheritdoc cref="LstmOptions.Biases"/>
    public Initializer? Biases { get; init; }
}
