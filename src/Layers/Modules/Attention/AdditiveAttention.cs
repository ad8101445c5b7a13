namespace GpuNets;

/// <summary>
/// Additive attention (Bahdanau, Cho and Bengio 2014, https://arxiv.org/abs/1409.0473): e[s] = v . tanh(W q + U h[s] + b), w = softmax(e) over
/// the source, c = sum w[s] h[s]. U h is the same for all steps of a decoder: compute it once by <see cref="Prepare"/>.
/// Parameters: query.weight (W) [units, query size], key.weight (U) [units, key size], key.bias (b), v [units].
/// </summary>
public sealed class AdditiveAttention : Module
{
    private readonly Linear _query, _key;

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="querySize">Features of a query, a decoder's state.</param>
    /// <param name="keySize">Features of an annotation h.</param>
    /// <param name="units">Alignment units: the length of v.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public AdditiveAttention(Vars vars, int querySize, int keySize, int units, AdditiveAttentionOptions? options = null) : base(vars)
    {
        options ??= new AdditiveAttentionOptions();
        _query = new Linear(vars["query"], querySize, units, new LinearOptions { Bias = false, WeightInitializer = options.WeightInitializer });
        _key = new Linear(vars["key"], keySize, units, new LinearOptions { Bias = options.Bias, WeightInitializer = options.WeightInitializer });
        V = vars.Parameter("v", units, options.VInitializer ?? Init.Uniform(1 / Math.Sqrt(units)));
    }

    /// <summary>v: [units].</summary>
    public Parameter V { get; }

    /// <summary>U h + b, which all queries of a sequence share.</summary>
    /// <param name="annotations">h: [batch, keys, key size].</param>
    /// <returns>[batch, keys, units].</returns>
    /// <exception cref="ShapeException">The annotations have another size.</exception>
    public Tensor Prepare(Tensor annotations) => _key.Forward(annotations);

    /// <summary>Looks at a sequence.</summary>
    /// <param name="query">[batch, query size], or [batch, queries, query size].</param>
    /// <param name="prepared">[batch, keys, units], from <see cref="Prepare"/>.</param>
    /// <param name="values">What is summed, most often the annotations: [batch, keys, features].</param>
    /// <param name="lengths">Keys of each sample [batch], 0 to keys; null if all have as many. A sample without keys gives zeros.</param>
    /// <returns>
    /// c, [batch, features] or [batch, queries, features], and the weights w, [batch, keys] or [batch, queries, keys], through which no
    /// gradient flows.
    /// </returns>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    public (Tensor Context, Tensor Weights) Forward(Tensor query, Tensor prepared, Tensor values, IndexTensor? lengths = null) =>
        AdditiveAttentionOp.Apply(_query.Forward(query), prepared, V, values, lengths);

    /// <inheritdoc/>
    protected override string Describe() => $"AdditiveAttention({_query.Weight.Shape[1]} to {_key.Weight.Shape[1]}, {V.Count} units)";
}
