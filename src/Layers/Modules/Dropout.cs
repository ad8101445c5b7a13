namespace GpuNets;

/// <summary>
/// Zeroes elements at random while a tape is open (Srivastava et al. 2014); without a tape, which is inference, x passes through.
/// The masks come from <see cref="Vars.Random"/>, whose state belongs in a checkpoint.
/// </summary>
public sealed class Dropout : Layer
{
    private readonly RandomSource _random;

    /// <summary>Makes the layer; it has no parameters.</summary>
    /// <param name="vars">Its place in the tree, and its random numbers.</param>
    /// <param name="probability">Probability of an element to become 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The probability is not in [0, 1].</exception>
    public Dropout(Vars vars, float probability = 0.5f) : base(vars)
    {
        if (!(probability is >= 0f and <= 1f))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Dropout: the probability must lie in [0, 1].");
        Probability = probability;
        _random = vars.Random;
    }

    /// <summary>Probability of an element to become 0.</summary>
    public float Probability { get; }

    /// <summary>Applies the layer.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public override Tensor Forward(Tensor x) => x.Dropout(Probability, _random);

    /// <inheritdoc/>
    protected override string Describe() => $"Dropout({Probability})";
}
