namespace GpuNets.Models;

/// <summary>What trains a Neural Turing Machine.</summary>
public enum NtmOptimizer
{
    /// <summary>The paper's RMSProp: centred, epsilon under the root, momentum 0.9.</summary>
    GravesRmsProp,

    /// <summary>Adam.</summary>
    Adam,
}
