namespace GpuNets;

/// <summary>Settings that all layers of convolutions share.</summary>
public abstract record ConvOptions
{
    /// <summary>Groups of channels that do not see each other; both numbers of channels are multiples of it.</summary>
    public int Groups { get; init; } = 1;

    /// <summary>False leaves the bias out.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Function applied to the outputs by the convolution itself.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <summary>Weight normalisation; null for a plain weight.</summary>
    public WeightNormOptions? WeightNorm { get; init; }

    /// <summary>Initial weight (direction, with weight normalisation); null: uniform in +-1 / sqrt(fan in), as in PyTorch.</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>Initial bias; null: uniform in +-1 / sqrt(fan in), as in PyTorch.</summary>
    public Initializer? BiasInitializer { get; init; }
}
