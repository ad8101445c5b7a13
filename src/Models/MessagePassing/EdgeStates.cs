namespace GpuNets.Models;

/// <summary>Graphs during one run of a network: messages that change the features of edges (Kearnes et al.) put the new ones here.</summary>
/// <param name="input">The graphs.</param>
public sealed class EdgeStates(GraphInput input)
{
    /// <summary>The graphs as they came.</summary>
    public GraphInput Input { get; } = input;

    /// <summary>Features of the edges at this step, [edges, size]; null until a message function needs them.</summary>
    public Tensor? Current { get; set; }
}
