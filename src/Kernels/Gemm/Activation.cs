namespace GpuNets;

/// <summary>A function that the end of a matrix product applies to every output.</summary>
public enum Activation
{
    /// <summary>y = x.</summary>
    Identity,

    /// <summary>y = max(x, 0).</summary>
    Relu,

    /// <summary>y = tanh(x).</summary>
    Tanh,

    /// <summary>y = 1 / (1 + e^-x).</summary>
    Sigmoid,

    /// <summary>y = x (1 + erf(x / sqrt(2))) / 2.</summary>
    Gelu,
}
