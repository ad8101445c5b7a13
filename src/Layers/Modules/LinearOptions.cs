namespace GpuNets;

/// <summary>Settings of a <see cref="Linear"/> layer.</summary>
public sealed record LinearOptions
{
    /// <summary>False leaves the bias out.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>Function applied to the outputs by the matrix product itself.</summary>
    public Activation Activation { get; init; } = Activation.Identity;

    /// <summary>Initial weight [out, in]; null: uniform in +-1 / sqrt(in).</summary>
    public Initializer? WeightInitializer { get; init; }

    /// <summary>Initial bias [out]; null: uniform in +-1 / sqrt(in).</summary>
    public Initializer? BiasInitializer { get; init; }
}
