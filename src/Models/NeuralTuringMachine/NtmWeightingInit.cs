namespace GpuNets.Models;

/// <summary>The weightings before the first step.</summary>
public enum NtmWeightingInit
{
    /// <summary>0: what the first step's gate lets through of it is lost and sharpening makes up for it (pytorch-ntm).</summary>
    Zeros,

    /// <summary>Softmax of a parameter.</summary>
    Learned,

    /// <summary>All on the first row.</summary>
    FirstRow,
}
