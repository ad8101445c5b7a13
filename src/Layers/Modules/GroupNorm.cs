namespace GpuNets;

/// <summary>
/// Group normalisation (Wu and He 2018, arXiv:1803.08494): the channels of a sample fall into groups of neighbours, each normalised over
/// its channels and places: y = (x - mean) / sqrt(variance + epsilon) * weight + bias. As many groups as channels make it instance
/// normalisation (Ulyanov et al. 2016).
/// </summary>
public sealed class GroupNorm : Layer
{
    private readonly LayerNormOptions _options;

    /// <summary>Makes weight (ones) and bias (zeros).</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="groups">Number of groups.</param>
    /// <param name="channels">Size of axis 1 of the input.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ShapeException">The channels do not fall into so many groups.</exception>
    /// <exception cref="ArgumentOutOfRangeException">Epsilon is not positive.</exception>
    public GroupNorm(Vars vars, int groups, int channels, LayerNormOptions? options = null) : base(vars)
    {
        _options = options ?? new LayerNormOptions();
        if (groups < 1 || channels < 1 || channels % groups != 0)
            throw new ShapeException("GroupNorm", $"{channels} channels do not fall into {groups} groups.");
        if (_options.Epsilon <= 0 || !float.IsFinite(_options.Epsilon))
            throw new ArgumentOutOfRangeException(nameof(options), _options.Epsilon, "GroupNorm: epsilon must be positive.");
        Groups = groups;
        Channels = channels;
        Weight = _options.Weight ? vars.Parameter("weight", [channels], Init.Ones) : null;
        Bias = _options.Weight && _options.Bias ? vars.Parameter("bias", [channels], Init.Zeros) : null;
    }

    /// <summary>Number of groups.</summary>
    public int Groups { get; }

    /// <summary>Size of axis 1 of the input.</summary>
    public int Channels { get; }

    /// <summary>Scale: [channels]; null if the layer has none.</summary>
    public Parameter? Weight { get; }

    /// <summary>Shift: [channels]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Normalises each group of each sample.</summary>
    /// <param name="x">[samples, channels, ...].</param>
    /// <returns>The same shape.</returns>
    /// <exception cref="ShapeException">The channels of <paramref name="x"/> are others.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] != Channels)
            throw new ShapeException("GroupNorm", $"{(Path.Length == 0 ? "the layer" : Path)} takes [samples, {Channels}, ...], got {x.Shape}.");
        return x.GroupNorm(Groups, Weight, Bias, _options.Epsilon, _options.Relu);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"GroupNorm({Groups} groups of {Channels / Groups}{(Weight is null ? ", no weight" : Bias is null ? ", no bias" : "")}{(_options.Relu ? ", Relu" : "")})";
}
