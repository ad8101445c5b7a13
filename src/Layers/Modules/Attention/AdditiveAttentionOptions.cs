namespace GpuNets;

/// <summary>Settings of an <see cref="AdditiveAttention"/>.</summary>
public sealed record AdditiveAttentionOptions
{
    /// <summary>Whether there is a bias inside of the tanh; the paper has none.</summary>
    public bool Bias { get; init; }

    /// <summary>Initial W and U; null: uniform in +-1 / sqrt(inputs). The paper: normal with deviation 0.001.</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>Initial v; null: uniform in +-1 / sqrt(units). The paper: zeros, which makes the first weights equal.</summary>
    public Initializer? VInitializer { get; init; }
}
