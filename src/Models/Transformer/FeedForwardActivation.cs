namespace GpuNets.Models;

/// <summary>The function between the two layers of a feed-forward network.</summary>
public enum FeedForwardActivation
{
    /// <summary>max(x, 0): the paper.</summary>
    Relu,

    /// <summary>x (1 + erf(x / sqrt(2))) / 2.</summary>
    Gelu,

    /// <summary>x / (1 + e^-x): Marian.</summary>
    Swish,
}
