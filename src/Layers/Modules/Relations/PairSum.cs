namespace GpuNets;

/// <summary>
/// The relation network's sum over pairs of objects (Santoro et al. 2017, https://arxiv.org/abs/1706.01427): y = sum over i, j of
/// g(o_i, o_j, q), where g is a multilayer perceptron with ReLU after every layer. Objects are [batch, objects, in], the question q is
/// [batch, in], y is [batch, out]. No tensor of all pairs exists: the first layer runs over objects, the others over chunks of pairs.
/// </summary>
public sealed class PairSum : Module
{
    private readonly int _objectSize, _contextSize;
    private readonly PairSumOptions _options;

    /// <summary>Makes the layers <c>0</c>, <c>1</c>, ... of g, uniform in +-1 / sqrt(in) as <see cref="Linear"/>.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="objectSize">Size of an object.</param>
    /// <param name="contextSize">Size of the question; 0 for none.</param>
    /// <param name="options">Widths of the layers, which pairs count, sum or mean; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1 (that of the question less than 0), or there is no layer.</exception>
    public PairSum(Vars vars, int objectSize, int contextSize = 0, PairSumOptions? options = null) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(objectSize, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(contextSize);
        _options = options ?? new PairSumOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Widths.Count, 1, nameof(PairSumOptions.Widths));
        (_objectSize, _contextSize) = (objectSize, contextSize);
        var layers = new Linear[_options.Widths.Count];
        int inputs = 2 * objectSize + contextSize;
        for (int l = 0; l < layers.Length; l++)
        {
            layers[l] = new Linear(vars[l], inputs, _options.Widths[l]);
            inputs = _options.Widths[l];
        }
        Layers = layers;
    }

    /// <summary>The layers of g. The first takes [o_i, o_j, q] side by side.</summary>
    public IReadOnlyList<Linear> Layers { get; }

    /// <summary>Sums g over the pairs of every example.</summary>
    /// <param name="objects">[batch, objects, in].</param>
    /// <param name="context">The question [batch, in]; null if the layer was made without.</param>
    /// <returns>[batch, out]. Zeros if there are no pairs.</returns>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor objects, Tensor? context = null)
    {
        if (objects.Shape.Rank != 3 || objects.Shape[2] != _objectSize)
            throw new ShapeException("PairSum", $"objects {objects.Shape} must be [batch, objects, {_objectSize}].");
        if (context is null != (_contextSize == 0) || (context is not null && context.Shape != new Shape(objects.Shape[0], _contextSize)))
        {
            throw new ShapeException("PairSum",
                $"the context {(context is null ? "is missing" : context.Shape)}, expected {(_contextSize == 0 ? "none" : $"[{objects.Shape[0]}, {_contextSize}]")}.");
        }
        // W [o_i; o_j; q] + b = W_i o_i + W_j o_j + (W_q q + b): products over objects, not over pairs.
        var (weight, bias) = (Layers[0].Weight, Layers[0].Bias);
        var left = objects.MatMul(weight.Slice(1, 0, _objectSize), transposeOther: true, bias: context is null ? bias : null);
        var right = objects.MatMul(weight.Slice(1, _objectSize, 2 * _objectSize), transposeOther: true);
        var shared = context?.MatMul(weight.Slice(1, 2 * _objectSize, 2 * _objectSize + _contextSize), transposeOther: true, bias: bias);
        return Tensor.PairSum(left, right, shared, [.. Layers.Skip(1).Select(layer => layer.Weight)], [.. Layers.Skip(1).Select(layer => layer.Bias)], _options);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"PairSum({_objectSize}{(_contextSize == 0 ? "" : $" + {_contextSize}")} -> {string.Join(" -> ", _options.Widths)}"
        + $"{(_options.Unordered ? ", unordered" : "")}{(_options.Self ? "" : ", without i = j")}{(_options.Mean ? ", mean" : "")})";
}
