namespace GpuNets.Models;

/// <summary>Update functions U.</summary>
public enum UpdateKind
{
    /// <summary>The authors' gated recurrent unit (<see cref="GruUpdate"/>).</summary>
    Gru,

    /// <summary>PyTorch's (<see cref="GruCellUpdate"/>).</summary>
    GruCell,

    /// <summary>A network of state, features and messages (<see cref="NetworkUpdate"/>).</summary>
    Network,

    /// <summary>A matrix per number of neighbours (<see cref="DegreeUpdate"/>).</summary>
    Degree,

    /// <summary>Two ReLU layers (<see cref="WeaveUpdate"/>).</summary>
    Weave,

    /// <summary>State plus messages (<see cref="SumUpdate"/>).</summary>
    Sum,

    /// <summary>f(W m) (<see cref="LayerUpdate"/>).</summary>
    Layer,

    /// <summary>f(m), without a matrix.</summary>
    Activation,
}
