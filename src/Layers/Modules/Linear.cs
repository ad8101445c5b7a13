namespace GpuNets;

/// <summary>y = f(x W^T + b): x is [..., in], y is [..., out].</summary>
public sealed class Linear : Layer
{
    private readonly Activation _activation;

    /// <summary>Makes the layer's parameters, uniform in +-1 / sqrt(in) as in PyTorch.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Size of the last axis of x.</param>
    /// <param name="outputs">Size of the last axis of y.</param>
    /// <param name="bias">False leaves b out.</param>
    /// <param name="activation">The function f, applied by the matrix product itself.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public Linear(Vars vars, int inputs, int outputs, bool bias = true, Activation activation = Activation.Identity)
        : this(vars, inputs, outputs, new LinearOptions { Bias = bias, Activation = activation })
    {
    }

    /// <summary>Makes the layer's parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Size of the last axis of x.</param>
    /// <param name="outputs">Size of the last axis of y.</param>
    /// <param name="options">Bias, activation and initial values.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public Linear(Vars vars, int inputs, int outputs, LinearOptions options) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        _activation = options.Activation;
        var uniform = Init.Uniform(1 / Math.Sqrt(inputs));
        Weight = vars.Parameter("weight", [outputs, inputs], options.WeightInitializer ?? uniform);
        Bias = options.Bias ? vars.Parameter("bias", [outputs], options.BiasInitializer ?? uniform) : null;
    }

    /// <summary>W: [out, in].</summary>
    public Parameter Weight { get; }

    /// <summary>b: [out]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <summary>Applies the layer to the last axis.</summary>
    /// <param name="x">[..., in], with two axes or more.</param>
    /// <returns>[..., out].</returns>
    /// <exception cref="ShapeException"><paramref name="x"/> has fewer axes, or its last is not <c>in</c> long.</exception>
    public override Tensor Forward(Tensor x) => Apply(x, null);

    /// <summary>y = f(x W^T + b + r) with a shortcut r, as at the end of a residual block: in the same pass as the product.</summary>
    /// <param name="x">[..., in], with two axes or more.</param>
    /// <param name="residual">r: [..., out].</param>
    /// <returns>[..., out].</returns>
    /// <exception cref="ShapeException">A shape does not fit.</exception>
    public Tensor Forward(Tensor x, Tensor residual) => Apply(x, residual);

    private Tensor Apply(Tensor x, Tensor? residual)
    {
        if (x.Shape.Rank < 2 || x.Shape[-1] != Weight.Shape[1])
            throw new ShapeException("Linear", $"{Name} takes [..., {Weight.Shape[1]}] with two axes or more, got {x.Shape}.");
        return x.MatMul(Weight, transposeOther: true, bias: Bias, activation: _activation, residual: residual);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"Linear({Weight.Shape[1]} -> {Weight.Shape[0]}{(Bias is null ? ", no bias" : "")}{(_activation == Activation.Identity ? "" : $", {_activation}")})";

    private string Name => Path.Length == 0 ? "the layer" : Path;
}
