namespace GpuNets;

/// <summary>
/// Mean-field iterations of a dense CRF as a layer (Zheng et al. 2015, "Conditional random fields as recurrent neural networks",
/// https://arxiv.org/abs/1502.03240): Q = softmax(L), m = W_b K_b Q + W_s K_s Q, L = U + M m, from L = U on. Gradients reach the logits U and all
/// parameters. Parameters, named as in the authors' PyTorch code: spatial_ker_weights (W_s), bilateral_ker_weights (W_b), [1], [C] or [C, C];
/// compatibility_matrix (M) [C, C], the identity at first, which stands for Potts labels.
/// </summary>
/// <remarks>Each call builds the filters of its images, for which the host waits: it cannot be part of a captured step.</remarks>
public sealed class CrfRnn : Module
{
    private readonly CrfRnnOptions _options;

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="classes">Number of classes C.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no class, a deviation is not positive, or the number of iterations is negative.</exception>
    public CrfRnn(Vars vars, int classes, CrfRnnOptions? options = null) : base(vars)
    {
        _options = options ?? new CrfRnnOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(classes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(_options.Iterations, nameof(options));
        _options.Kernels.Check("CrfRnn");
        Classes = classes;
        SpatialWeights = Weights(vars, "spatial_ker_weights", _options.SpatialWeight);
        BilateralWeights = Weights(vars, "bilateral_ker_weights", _options.BilateralWeight);
        Compatibility = _options.Compatibility ? vars.Parameter("compatibility_matrix", (classes, classes), Diagonal(1)) : null;
    }

    /// <summary>Number of classes C.</summary>
    public int Classes { get; }

    /// <summary>W_s: [1], [C] or [C, C].</summary>
    public Parameter SpatialWeights { get; }

    /// <summary>W_b: [1], [C] or [C, C].</summary>
    public Parameter BilateralWeights { get; }

    /// <summary>M: [C, C]; null for Potts labels.</summary>
    public Parameter? Compatibility { get; }

    /// <summary>Runs the mean-field iterations.</summary>
    /// <param name="logits">U: [N, C, H, W].</param>
    /// <param name="image">[N, channels, H, W], in the units of the deviation of colours. Has no gradient.</param>
    /// <param name="iterations">Number of iterations; null for that of the options.</param>
    /// <returns>L: [N, C, H, W], logits as <see cref="Tensor.CrossEntropy"/> takes them with <c>axis: 1</c>.</returns>
    /// <exception cref="ShapeException">Logits and image do not fit each other, or the logits have another number of classes.</exception>
    public Tensor Forward(Tensor logits, Tensor image, int? iterations = null)
    {
        MeanField.Check("CrfRnn", logits, image);
        if (logits.Shape[1] != Classes) throw new ShapeException("CrfRnn", $"the layer has {Classes} classes, got logits {logits.Shape}.");
        int count = iterations ?? _options.Iterations;
        ArgumentOutOfRangeException.ThrowIfNegative(count, nameof(iterations));
        return MeanField.RunMaps(
            logits, [(_options.Kernels.Bilateral(image), BilateralWeights), (_options.Kernels.Spatial(image), SpatialWeights)], Compatibility, count);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"CrfRnn({Classes} classes, {_options.Weights} weights, {(Compatibility is null ? "Potts" : "compatibility matrix")}, {_options.Iterations} iterations)";

    private Parameter Weights(Vars vars, string name, float value) => _options.Weights switch
    {
        CrfWeights.Scalar => vars.Parameter(name, 1, Init.Constant(value)),
        CrfWeights.PerClass => vars.Parameter(name, Classes, Init.Constant(value)),
        CrfWeights.Matrix => vars.Parameter(name, (Classes, Classes), Diagonal(value)),
        _ => throw new ArgumentOutOfRangeException(nameof(vars), _options.Weights, "CrfRnn: not a shape of weights."),
    };

    private static Initializer Diagonal(float value) => (values, shape, _) =>
    {
        for (int i = 0; i < shape[0]; i++) values[i * shape[1] + i] = value;
    };
}
