namespace GpuNets.Models;

/// <summary>Features of edges, checked.</summary>
internal static class EdgeFeatures
{
    public static Tensor Of(string operation, GraphInput input, int size)
    {
        var edges = input.Edges ?? throw new ShapeException(operation, $"the graphs have no features of edges, expected [{input.Graphs.Edges}, {size}].");
        return edges.Shape == new Shape(input.Graphs.Edges, size)
            ? edges
            : throw new ShapeException(operation, $"features of edges have shape {edges.Shape}, expected [{input.Graphs.Edges}, {size}].");
    }
}
