namespace GpuNets;

/// <summary>Settings of one call of <see cref="Tensor.Attention(Tensor, Tensor, AttentionOptions?)"/>.</summary>
public sealed record AttentionOptions
{
    /// <summary>
    /// Null: tensors are [batch, heads, time, size]. A number: heads lie side by side, [batch, time, heads * size], as a projection makes
    /// them; they are read in place.
    /// </summary>
    public int? Heads { get; init; }

    /// <summary>Which later time steps are hidden.</summary>
    public CausalMask Causal { get; init; }

    /// <summary>Moves the causal mask: how many more keys each query sees.</summary>
    public int CausalShift { get; init; }

    /// <summary>Keys of each sample, [batch], each in 0..keys; null if all have as many. Padding is never read as a number.</summary>
    public IndexTensor? Lengths { get; init; }

    /// <summary>Added to the scaled scores, [1 or batch, 1 or heads, queries, keys]; -infinity hides a key. Has a gradient.</summary>
    public Tensor? Bias { get; init; }

    /// <summary>What products of queries and keys are multiplied with; null: 1 / sqrt(size).</summary>
    public float? Scale { get; init; }

    /// <summary>Probability of a weight to be dropped while a tape is open, in [0, 1). The masks are never stored.</summary>
    public float Dropout { get; init; }

    /// <summary>Where the random numbers of dropout come from; each call takes a new sequence of it.</summary>
    public RandomSource? Random { get; init; }
}
