namespace GpuNets.Models;

/// <summary>Message functions M.</summary>
public enum MessageKind
{
    /// <summary>A matrix per kind of edge (<see cref="MatrixMessage"/>).</summary>
    Matrices,

    /// <summary>A network that makes a matrix of the features of an edge (<see cref="EdgeNetworkMessage"/>).</summary>
    EdgeNetwork,

    /// <summary>A network of both states and the edge (<see cref="PairMessage"/>).</summary>
    Pair,

    /// <summary>State and edge side by side (<see cref="ConcatenationMessage"/>).</summary>
    Concatenation,

    /// <summary>States of edges (<see cref="EdgeStateMessage"/>).</summary>
    EdgeStates,

    /// <summary>Products of factors (<see cref="FactorMessage"/>).</summary>
    Factors,

    /// <summary>Filters over the Laplacian's spectrum (<see cref="SpectralMessage"/>).</summary>
    Spectral,

    /// <summary>Polynomials of the Laplacian (<see cref="ChebyshevMessage"/>).</summary>
    Chebyshev,

    /// <summary>States divided by roots of degrees (<see cref="NormalizedMessage"/>).</summary>
    Normalized,
}
