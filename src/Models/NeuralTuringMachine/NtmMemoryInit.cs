namespace GpuNets.Models;

/// <summary>The memory before the first step.</summary>
public enum NtmMemoryInit
{
    /// <summary>1e-6 everywhere: what Collier and Beel found to train fastest.</summary>
    Constant,

    /// <summary>A parameter, at first uniform in +-1 / sqrt(N + M).</summary>
    Learned,

    /// <summary>Fixed random numbers, uniform in +-1 / sqrt(N + M), that depend on the seed of the parameters.</summary>
    Random,
}
