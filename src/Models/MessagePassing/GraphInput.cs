namespace GpuNets.Models;

/// <summary>A batch of graphs with what message passing networks read of them. Belongs to the scope that its tensors belong to.</summary>
/// <param name="graphs">The edges; those of an undirected graph are listed both ways.</param>
/// <param name="nodes">x: features of the nodes, [nodes, inputs].</param>
public sealed class GraphInput(GraphBatch graphs, Tensor nodes)
{
    /// <summary>The edges.</summary>
    public GraphBatch Graphs { get; } = graphs;

    /// <summary>x: features of the nodes, [nodes, inputs].</summary>
    public Tensor Nodes { get; } = nodes;

    /// <summary>e: features of the edges, [edges, size]; null for none.</summary>
    public Tensor? Edges { get; init; }

    /// <summary>Kinds of the edges; null for none.</summary>
    public EdgeLabels? Labels { get; init; }

    /// <summary>Eigenvectors of the Laplacian of each graph, [nodes, modes] (see <see cref="LaplacianModes"/>); null for none.</summary>
    public Tensor? Modes { get; init; }

    /// <summary>
    /// Edges have a direction, so that the messages of the second channel run against it. Else every edge is listed both ways with the same
    /// features, and both channels run over the same edges.
    /// </summary>
    public bool Directed { get; init; }

    /// <summary>What messages against the direction of the edges see; this object itself if they have none.</summary>
    internal GraphInput Reverse()
    {
        if (!Directed) return this;
        var reversed = Graphs.Reverse();
        return new GraphInput(reversed, Nodes) { Edges = Edges, Labels = Labels is null ? null : reversed.Label(Labels.Values, Labels.Count), Modes = Modes };
    }
}
