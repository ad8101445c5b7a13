namespace GpuNets.Models;

/// <summary>What turns a number of the head layer into a parameter of a head.</summary>
public enum HeadActivation
{
    /// <summary>x.</summary>
    Identity,

    /// <summary>max(x, 0).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>ln(1 + e^x).</summary>
    Softplus,
}
