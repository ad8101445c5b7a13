using GpuNets.Kernels;

namespace GpuNets;

public partial class Tensor
{
    /// <summary>e^x, elementwise.</summary>
    public Tensor Exp() => UnaryOp<Exp>.Apply(this);

    /// <summary>Hyperbolic tangent, elementwise.</summary>
    public Tensor Tanh() => UnaryOp<Tanh>.Apply(this);

    /// <summary>1 / (1 + e^-x), elementwise.</summary>
    public Tensor Sigmoid() => UnaryOp<Sigmoid>.Apply(this);

    /// <summary>max(x, 0), elementwise; the derivative at 0 is 0.</summary>
    public Tensor Relu() => UnaryOp<Relu>.Apply(this);
}
