namespace GpuNets;

/// <summary>Settings of a <see cref="MultiHeadAttention"/>; the defaults are PyTorch's.</summary>
public sealed record MultiHeadAttentionOptions
{
    /// <summary>Features of what keys are made from; null: as many as the queries' source has.</summary>
    public int? KeyInputs { get; init; }

    /// <summary>Features of what values are made from; null: as many as the queries' source has.</summary>
    public int? ValueInputs { get; init; }

    /// <summary>Features of a head's queries and keys; null: size / heads. Rows A and B of Table 3 of the paper vary it.</summary>
    public int? HeadSize { get; init; }

    /// <summary>Features of a head's values; null: size / heads.</summary>
    public int? HeadValueSize { get; init; }

    /// <summary>False leaves out all biases.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// Projections to queries, keys and values are layers of their own, <c>q_proj</c>, <c>k_proj</c> and <c>v_proj</c> with weight and bias, as fairseq names
    /// them. It suits attention to another sequence, which would have to cut a joint weight into its parts.
    /// </summary>
    public bool Separate { get; init; }

    /// <summary>Probability of a weight to be dropped while a tape is open, in [0, 1). Drawn from <see cref="Vars.Random"/>.</summary>
    public float Dropout { get; init; }

    /// <summary>Initial weights of the projections to queries, keys and values; null: PyTorch's Xavier uniform.</summary>
    public Initializer? InputInitializer { get; init; }

    /// <summary>Initial weight of the output projection; null: uniform in +-1 / sqrt(inputs), as PyTorch's.</summary>
    public Initializer? OutputInitializer { get; init; }
}
