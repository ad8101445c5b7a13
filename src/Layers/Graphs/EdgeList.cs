namespace GpuNets;

/// <summary>One directed graph on the host: edge e goes from node Sources[e] to node Targets[e]. Undirected edges are listed both ways.</summary>
/// <param name="Nodes">Number of nodes; some may have no edges.</param>
/// <param name="Sources">Where the edges begin, each below <paramref name="Nodes"/>.</param>
/// <param name="Targets">Where they end.</param>
public sealed record EdgeList(int Nodes, int[] Sources, int[] Targets);
