namespace GpuNets.Models;

/// <summary>How many edges arrive at each node.</summary>
internal static class NodeDegrees
{
    /// <summary>deg^-1/2 of every node, [nodes, 1]; 0 for a node without edges.</summary>
    public static Tensor InverseRoot(GraphBatch graphs, bool selfLoops)
    {
        var degrees = graphs.Device.Ones((graphs.Nodes, 1)).Propagate(graphs);
        if (selfLoops) return (degrees + 1f).Pow(-0.5f);
        // Degrees are whole numbers: what is held between 0 and 1 tells those without edges.
        return degrees.Clamp(0, 1) * degrees.Clamp(1, float.PositiveInfinity).Pow(-0.5f);
    }

    /// <summary>The nodes by their number of edges; those with more than <paramref name="largest"/> count as having that many.</summary>
    public static Segments ByDegree(GraphBatch graphs, int largest)
    {
        int[] degrees = new int[graphs.Nodes];
        foreach (int target in graphs.Targets.HostValues) degrees[target] = Math.Min(largest, degrees[target] + 1);
        return graphs.Device.Segments(graphs.Device.Indices(degrees), largest + 1);
    }
}
