using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Multi-head attention (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762): y = concat(head_1, ..) W^O, head_i = attention(q W_i^Q, k W_i^K,
/// v W_i^V). Sequences are [batch, time, features]. Names and layouts of the parameters are PyTorch's: in_proj_weight [3 size, size] (or
/// q_proj_weight, k_proj_weight and v_proj_weight where sizes differ), in_proj_bias, out_proj.weight and out_proj.bias; with
/// <see cref="MultiHeadAttentionOptions.Separate"/> those of fairseq.
/// </summary>
public sealed class MultiHeadAttention : Module
{
    private readonly Parameter? _packed, _query, _key, _value, _bias;
    private readonly Linear[] _separate = [];   // of queries, keys and values
    private readonly Linear _output;
    private readonly int _inner, _innerValues;   // features of all heads together

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="size">Features of the queries' source and of the output.</param>
    /// <param name="heads">Heads.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is less than 1 or does not divide into heads, or the dropout is outside of [0, 1).</exception>
    public MultiHeadAttention(Vars vars, int size, int heads, MultiHeadAttentionOptions? options = null) : base(vars)
    {
        Options = options ?? new MultiHeadAttentionOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(heads, 1);
        if (size % heads != 0 && (Options.HeadSize is null || Options.HeadValueSize is null))
            throw new ArgumentException($"MultiHeadAttention: {size} features do not divide into {heads} heads; give the sizes of a head.", nameof(heads));
        if (!(Options.Dropout is >= 0f and < 1f))
            throw new ArgumentOutOfRangeException(nameof(options), Options.Dropout, "MultiHeadAttention: the dropout must lie in [0, 1).");
        int keyInputs = Options.KeyInputs ?? size, valueInputs = Options.ValueInputs ?? size;
        (Size, Heads) = (size, heads);
        (HeadSize, HeadValueSize) = (Options.HeadSize ?? size / heads, Options.HeadValueSize ?? size / heads);
        foreach (int number in new[] { keyInputs, valueInputs, HeadSize, HeadValueSize }) ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(options));
        (_inner, _innerValues) = (heads * HeadSize, heads * HeadValueSize);
        var input = Options.InputInitializer ?? Init.XavierUniform();
        if (Options.Separate)
        {
            var settings = new LinearOptions { Bias = Options.Bias, WeightInitializer = input, BiasInitializer = Init.Zeros };
            _separate =
            [
                new Linear(vars["q_proj"], size, _inner, settings), new Linear(vars["k_proj"], keyInputs, _inner, settings),
                new Linear(vars["v_proj"], valueInputs, _innerValues, settings),
            ];
        }
        else if (keyInputs == size && valueInputs == size && _inner == size && _innerValues == size)
        {
            _packed = vars.Parameter("in_proj_weight", (3 * size, size), input);
        }
        else
        {
            _query = vars.Parameter("q_proj_weight", (_inner, size), input);
            _key = vars.Parameter("k_proj_weight", (_inner, keyInputs), input);
            _value = vars.Parameter("v_proj_weight", (_innerValues, valueInputs), input);
        }
        _bias = Options.Bias && !Options.Separate ? vars.Parameter("in_proj_bias", 2 * _inner + _innerValues, Init.Zeros) : null;
        _output = new Linear(vars["out_proj"], _innerValues, size, new LinearOptions
        {
            Bias = Options.Bias,
            WeightInitializer = Options.OutputInitializer,
            BiasInitializer = Init.Zeros,
        });
    }

    /// <summary>Features of the queries' source and of the output.</summary>
    public int Size { get; }

    /// <summary>Heads.</summary>
    public int Heads { get; }

    /// <summary>Features of a head's queries and keys.</summary>
    public int HeadSize { get; }

    /// <summary>Features of a head's values.</summary>
    public int HeadValueSize { get; }

    /// <summary>The settings.</summary>
    public MultiHeadAttentionOptions Options { get; }

    /// <summary>Looks from one sequence at another, or at itself.</summary>
    /// <param name="query">Where queries are made from, [batch, queries, size].</param>
    /// <param name="key">Where keys are made from, [batch, keys, key inputs]; null: the queries' source (self-attention).</param>
    /// <param name="value">Where values are made from, [batch, keys, value inputs]; null: the keys' source.</param>
    /// <param name="options">Masks, bias and scale; heads and dropout are those of the layer. Null for no mask.</param>
    /// <param name="residual">[batch, queries, size], added to the result by its last matrix product; null for none.</param>
    /// <returns>[batch, queries, size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    public Tensor Forward(Tensor query, Tensor? key = null, Tensor? value = null, AttentionOptions? options = null, Tensor? residual = null)
    {
        var settings = (options ?? new AttentionOptions()) with { Heads = Heads, Dropout = Options.Dropout, Random = Vars.Random };
        Check(query);
        if (key is null && value is null && _packed is not null)
            return Output(query.MatMul(_packed, transposeOther: true, bias: _bias).SelfAttention(settings), residual);
        var (q, k, v) = Project(query, key ?? query, value ?? key ?? query);
        return Output(q.Attention(k, v, settings), residual);
    }

    /// <summary>The weights with which each head looks, for plots: [batch, heads, queries, keys], without dropout and gradients.</summary>
    /// <param name="query">As in <see cref="Forward"/>.</param>
    /// <param name="key">As in <see cref="Forward"/>.</param>
    /// <param name="options">As in <see cref="Forward"/>.</param>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    public Tensor Weights(Tensor query, Tensor? key = null, AttentionOptions? options = null)
    {
        Check(query);
        var settings = (options ?? new AttentionOptions()) with { Heads = Heads };
        return Project(query, 0).AttentionWeights(Project(key ?? query, 1), settings);
    }

    /// <summary>An empty cache for <see cref="Decode"/> or <see cref="Look"/>.</summary>
    /// <param name="batch">Samples.</param>
    /// <param name="capacity">Steps that there is room for at first.</param>
    public KeyValueCache Cache(int batch, int capacity = 64) => new(Vars.Device, batch, Heads, HeadSize, HeadValueSize, capacity);

    /// <summary>
    /// Self-attention of new time steps, most often one, to themselves and all earlier ones: appends their keys and values to the cache. Without
    /// gradients and dropout.
    /// </summary>
    /// <param name="query">The new steps, [batch, time, size].</param>
    /// <param name="cache">Earlier steps, from <see cref="Cache"/>.</param>
    /// <param name="residual">[batch, time, size], added to the result by its last matrix product; null for none.</param>
    /// <returns>[batch, time, size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    public Tensor Decode(Tensor query, KeyValueCache cache, Tensor? residual = null)
    {
        Check(query);
        var settings = new AttentionOptions { Causal = CausalMask.FromEnd };
        if (_packed is null)
        {
            var (q, k, v) = Project(query, query, query);
            cache.Append(k, v);
            return Output(q.Attention(cache, settings), residual);
        }
        var packed = query.MatMul(_packed, transposeOther: true, bias: _bias);
        var shape = new AttentionShape("Decode", packed, new AttentionOptions { Heads = Heads });
        if (cache.Batch != query.Shape[0] || cache.Heads != Heads || cache.Size != HeadSize || cache.ValueSize != HeadValueSize)
            throw new ShapeException("Decode", $"{cache} does not fit {Describe()} and a batch of {query.Shape[0]}.");
        cache.Append(shape.Key, shape.Value, query.Shape[1], []);
        return Output(CachedAttention.Apply(packed, shape.Query, query.Shape[1], cache, settings), residual);
    }

    /// <summary>Appends the keys and values of a sequence to a cache at which <see cref="Look"/> looks, such as an encoder's output.</summary>
    /// <param name="source">[batch, keys, key inputs]; keys and values are made from the same.</param>
    /// <param name="cache">From <see cref="Cache"/>.</param>
    /// <param name="lengths">How many steps of each sample count; null: all.</param>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    public void Keep(Tensor source, KeyValueCache cache, IndexTensor? lengths = null) =>
        cache.Append(Project(source, 1), Project(source, 2), lengths is null ? [] : lengths.HostValues);

    /// <summary>Attention of new time steps to what a cache holds; nothing is appended. Without gradients and dropout.</summary>
    /// <param name="query">[batch, time, size].</param>
    /// <param name="cache">From <see cref="Keep"/>.</param>
    /// <param name="residual">[batch, time, size], added to the result by its last matrix product; null for none.</param>
    /// <returns>[batch, time, size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    public Tensor Look(Tensor query, KeyValueCache cache, Tensor? residual = null)
    {
        Check(query);
        return Output(Project(query, 0).Attention(cache), residual);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"MultiHeadAttention({Size}, {Heads} heads of {HeadSize}{(HeadValueSize == HeadSize ? "" : $" and {HeadValueSize}")})";

    private (Tensor Query, Tensor Key, Tensor Value) Project(Tensor query, Tensor key, Tensor value) => (Project(query, 0), Project(key, 1), Project(value, 2));

    /// <summary>The queries (0), keys (1) or values (2) of a source.</summary>
    private Tensor Project(Tensor source, int which)
    {
        int start = which * _inner, count = which == 2 ? _innerValues : _inner;
        Tensor weight = _separate.Length > 0 ? _separate[which].Weight : _packed?.Slice(0, start, start + count) ?? (which == 0 ? _query : which == 1 ? _key : _value)!;
        if (source.Shape.Rank != 3 || source.Shape[2] != weight.Shape[1])
            throw new ShapeException(
                "MultiHeadAttention", $"the source of the {(which == 0 ? "queries" : which == 1 ? "keys" : "values")} has shape {source.Shape}, expected [batch, time, {weight.Shape[1]}].");
        return _separate.Length > 0 ? _separate[which].Forward(source) : source.MatMul(weight, transposeOther: true, bias: _bias?.Slice(0, start, start + count));
    }

    private Tensor Output(Tensor heads, Tensor? residual) => residual is null ? _output.Forward(heads) : _output.Forward(heads, residual);

    private void Check(Tensor query)
    {
        if (query.Shape.Rank != 3 || query.Shape[2] != Size)
            throw new ShapeException("MultiHeadAttention", $"the query has shape {query.Shape}, expected [batch, time, {Size}].");
    }
}
