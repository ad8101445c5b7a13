namespace GpuNets.Models;

/// <summary>How the first states h^0 come from the features x of a node.</summary>
public enum StateStart
{
    /// <summary>Padded with zeros to d, as in the paper.</summary>
    Padded,

    /// <summary>A learned layer h^0 = ReLU(W x + b), as in PyTorch Geometric's example.</summary>
    Layer,
}
