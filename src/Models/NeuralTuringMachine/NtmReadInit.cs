namespace GpuNets.Models;

/// <summary>The read vectors before the first step.</summary>
public enum NtmReadInit
{
    /// <summary>0.</summary>
    Zeros,

    /// <summary>tanh of a parameter.</summary>
    Learned,

    /// <summary>A parameter as it is, at first normal with deviation 0.01.</summary>
    LearnedDirectly,
}
