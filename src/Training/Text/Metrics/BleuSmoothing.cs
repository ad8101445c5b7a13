namespace GpuNets.Training;

/// <summary>What stands for the precision of an order of which no n-gram matches.</summary>
public enum BleuSmoothing
{
    /// <summary>Halves from order to order, 1 / (2^k total) at the k-th such order: as mteval-v13a and sacreBLEU do.</summary>
    Exponential,

    /// <summary>Nothing: the score is 0.</summary>
    None,
}
