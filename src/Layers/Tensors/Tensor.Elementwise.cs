using GpuNets.Kernels;

namespace GpuNets;

/// <content>Functions of one variable, element by element. NaN stays NaN in all of them unless said otherwise.</content>
public partial class Tensor
{
    /// <summary>-x.</summary>
    public Tensor Negate() => UnaryOp<Negate>.Apply(this);

    /// <summary>|x|; the derivative at 0 is 0.</summary>
    public Tensor Abs() => UnaryOp<Abs>.Apply(this);

    /// <summary>1 / x.</summary>
    public Tensor Reciprocal() => UnaryOp<Reciprocal>.Apply(this);

    /// <summary>x^2.</summary>
    public Tensor Square() => UnaryOp<Square>.Apply(this);

    /// <summary>Square root; NaN below 0. The derivative at 0 is infinite.</summary>
    public Tensor Sqrt() => UnaryOp<Sqrt>.Apply(this);

    /// <summary>
    /// x^p for any base, as in NumPy: a negative base gives NaN unless <paramref name="exponent"/> is a whole number, and x^0 is 1 even
    /// for NaN. Error within 2 ulp; results below 1.2e-38 are 0.
    /// </summary>
    /// <param name="exponent">The exponent p.</param>
    public Tensor Pow(float exponent) => exponent switch
    {
        1f => this * 1f,
        2f => Square(),
        -1f => Reciprocal(),
        _ => ParametricOp<Pow>.Apply(new Pow(exponent), this),
    };

    /// <summary>e^x; 0 below -87.3 and infinity above 88.7.</summary>
    public Tensor Exp() => UnaryOp<Exp>.Apply(this);

    /// <summary>Natural logarithm; -infinity at 0, NaN below.</summary>
    public Tensor Log() => UnaryOp<Log>.Apply(this);

    /// <summary>Hyperbolic tangent.</summary>
    public Tensor Tanh() => UnaryOp<Tanh>.Apply(this);

    /// <summary>1 / (1 + e^-x).</summary>
    public Tensor Sigmoid() => UnaryOp<Sigmoid>.Apply(this);

    /// <summary>ln(1 + e^x), without overflow.</summary>
    public Tensor Softplus() => UnaryOp<Softplus>.Apply(this);

    /// <summary>x / (1 + e^-x), also called swish.</summary>
    public Tensor Silu() => UnaryOp<Silu>.Apply(this);

    /// <summary>max(x, 0); the derivative at 0 is 0.</summary>
    public Tensor Relu() => UnaryOp<Relu>.Apply(this);

    /// <summary>x above 0, <paramref name="slope"/> x below; the derivative at 0 is the slope.</summary>
    public Tensor LeakyRelu(float slope = 0.01f) => ParametricOp<LeakyRelu>.Apply(new LeakyRelu(slope), this);

    /// <summary>x above 0, <paramref name="alpha"/> (e^x - 1) below.</summary>
    public Tensor Elu(float alpha = 1f) => ParametricOp<Elu>.Apply(new Elu(alpha), this);

    /// <summary>x (1 + erf(x / sqrt(2))) / 2.</summary>
    public Tensor Gelu() => UnaryOp<Gelu>.Apply(this);

    /// <summary>The approximation x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2 of <see cref="Gelu"/>.</summary>
    public Tensor GeluTanh() => UnaryOp<GeluTanh>.Apply(this);

    /// <summary>x held between two bounds; the derivative is 1 at the bounds and between, 0 outside.</summary>
    /// <param name="low">Lower bound; -infinity for none.</param>
    /// <param name="high">Upper bound, at least <paramref name="low"/>; infinity for none.</param>
    /// <exception cref="ArgumentException">The bounds are in the wrong order, or NaN.</exception>
    public Tensor Clamp(float low, float high)
    {
        if (!(low <= high)) throw new ArgumentException($"Clamp: expected low <= high, got {low} and {high}.", nameof(high));
        return ParametricOp<Clamp>.Apply(new Clamp(low, high), this);
    }
}
