namespace GpuNets.Models;

/// <summary>How set2set scores a node for a query.</summary>
public enum SetEnergy
{
    /// <summary>e_v = V . tanh(W_2 q + u_v), the form of the paper's models.</summary>
    Additive,

    /// <summary>e_v = u_v . q, as Vinyals et al. have it.</summary>
    Dot,
}
