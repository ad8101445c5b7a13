namespace GpuNets;

/// <summary>
/// Layer normalisation (Ba, Kiros and Hinton 2016, arXiv:1607.06450) over the last axes:
/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias.
/// </summary>
public sealed class LayerNorm : Layer
{
    private readonly Shape _normalized;
    private readonly float _epsilon;
    private readonly bool _relu;

    /// <summary>Makes weight (ones) and bias (zeros).</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="normalized">The last axes of the input, for instance its feature size.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ShapeException">There is no axis, or one is empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Epsilon is not positive.</exception>
    public LayerNorm(Vars vars, Shape normalized, LayerNormOptions? options = null) : base(vars)
    {
        options ??= new LayerNormOptions();
        if (normalized.Rank == 0 || normalized.Count == 0) throw new ShapeException("LayerNorm", $"there is nothing to normalise in {normalized}.");
        if (options.Epsilon <= 0 || !float.IsFinite(options.Epsilon))
            throw new ArgumentOutOfRangeException(nameof(options), options.Epsilon, "LayerNorm: epsilon must be positive.");
        _normalized = normalized;
        _epsilon = options.Epsilon;
        _relu = options.Relu;
        Weight = options.Weight ? vars.Parameter("weight", normalized, Init.Ones) : null;
        Bias = options.Weight && options.Bias ? vars.Parameter("bias", normalized, Init.Zeros) : null;
    }

    /// <summary>Scale, of the shape of the normalised axes; null if the layer has none.</summary>
    public Parameter? Weight { get; }

    /// <summary>Shift, of the shape of the normalised axes; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Normalises each row.</summary>
    /// <param name="x">[..., normalised axes].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ShapeException">The last axes of <paramref name="x"/> are others.</exception>
    public override Tensor Forward(Tensor x) => x.LayerNorm(_normalized, Weight, Bias, _epsilon, _relu);

    /// <inheritdoc/>
    protected override string Describe() => $"LayerNorm({_normalized}{(Weight is null ? ", no weight" : Bias is null ? ", no bias" : "")}{(_relu ? ", Relu" : "")})";
}
