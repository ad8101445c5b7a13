using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Labels of the edges of a batch (kinds of bonds, bins of distances), sorted once by target and label. Made by <c>graphs.Label</c>;
/// belongs to the innermost scope, as tensors do.
/// </summary>
public sealed class EdgeLabels
{
    internal EdgeLabels(GraphBatch graphs, ReadOnlySpan<int> labels, int count)
    {
        if (count < 1) throw new ArgumentOutOfRangeException(nameof(count), count, "EdgeLabels: expected at least 1 label.");
        if (labels.Length != graphs.Edges) throw new ShapeException("EdgeLabels", $"{labels.Length} labels for {graphs.Edges} edges.");
        int[] sources = graphs.Sources.HostValues, targets = graphs.Targets.HostValues, places = new int[labels.Length];
        for (int e = 0; e < labels.Length; e++)
        {
            if ((uint)labels[e] >= (uint)count) throw new ShapeException("EdgeLabels", $"edge {e} has label {labels[e]}, but there are {count} labels (numbered from 0).");
            places[e] = checked(targets[e] * count + labels[e]);
        }
        Count = count;
        Graphs = graphs;
        var device = graphs.Device;
        var byPlace = DeviceGraphs.Make(device.Indices(places), places, checked(graphs.Nodes * count));
        ByLabel = DeviceGraphs.Make(device.Indices(labels), labels, count);
        Routes = new EdgeRoutes(
            graphs.Sources, byPlace.Ids, DeviceGraphs.Neighbours(byPlace, places, sources, byPlace.Count),
            DeviceGraphs.Neighbours(graphs.EdgesBySource, sources, places, graphs.Nodes));
    }

    /// <summary>Number of labels.</summary>
    public int Count { get; }

    /// <summary>The label of every edge, on the host.</summary>
    internal ReadOnlySpan<int> Values => ByLabel.Ids.HostValues;

    /// <summary>The edges.</summary>
    internal GraphBatch Graphs { get; }

    /// <summary>The label of every edge: [edges].</summary>
    internal Segments ByLabel { get; }

    /// <summary>
    /// True if multiplying every message is less work than summing them up per node and label first: most pairs of a node and a label have
    /// no edge.
    /// </summary>
    internal bool AreSparse => 2L * Graphs.Edges <= (long)Graphs.Nodes * Count;

    /// <summary>From each edge's source to the row target * labels + label.</summary>
    internal EdgeRoutes Routes { get; }
}
