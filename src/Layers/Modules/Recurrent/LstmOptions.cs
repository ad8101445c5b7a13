namespace GpuNets;

/// <summary>Settings of an <see cref="Lstm"/>; the defaults are PyTorch's.</summary>
public sealed record LstmOptions
{
    /// <summary>Layers on top of each other, at least 1.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Each layer also runs from the end of the sequence; its outputs have twice as many features.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// Probability of each output of a layer to be zeroed before the next layer, while a tape is open; in [0, 1). Drawn from
    /// <see cref="Vars.Random"/>.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>False leaves out both biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Initial bias of the forget gate (the sum of both biases); null draws it like the others. 1 or more keeps gradients alive over
    /// long spans from the first step on (Jozefowicz et al. 2015).
    /// </summary>
    public float? ForgetBias { get; init; }

    /// <summary>Initial values of W_ih [4 units, inputs]; null for PyTorch's uniform in +-1 / sqrt(units).</summary>
    public Initializer? InputWeightInitializer { get; init; }

    /// <summary>Initial values of W_hh [4 units, units]; null as above.</summary>
    public Initializer? HiddenWeightInitializer { get; init; }

    /// <summary>Initial values of b_ih and b_hh [4 units]; null as above.</summary>
    public Initializer? BiasInitializer { get; init; }
}
