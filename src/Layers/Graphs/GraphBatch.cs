namespace GpuNets;

/// <summary>
/// Several graphs as one: the nodes and edges of graph g follow those of graph g - 1, and no edge joins two graphs. Edges keep the order
/// in which they came, which is that of edge features; messages run over them sorted by target, gradients sorted by source (both stably,
/// so that sums always add in the same order). Made by <c>device.Graphs</c>; belongs to the innermost scope, as tensors do.
/// </summary>
public sealed class GraphBatch
{
    internal GraphBatch(Device device, ReadOnlySpan<EdgeList> graphs)
    {
        int[] nodeOffsets = new int[graphs.Length + 1], edgeOffsets = new int[graphs.Length + 1];
        for (int g = 0; g < graphs.Length; g++)
        {
            Check(g, graphs[g]);
            nodeOffsets[g + 1] = checked(nodeOffsets[g] + graphs[g].Nodes);
            edgeOffsets[g + 1] = checked(edgeOffsets[g] + graphs[g].Sources.Length);
        }
        int nodes = nodeOffsets[^1], edges = edgeOffsets[^1];
        int[] sources = new int[edges], targets = new int[edges], owners = new int[nodes];
        for (int g = 0; g < graphs.Length; g++)
        {
            owners.AsSpan(nodeOffsets[g], graphs[g].Nodes).Fill(g);
            for (int e = 0; e < graphs[g].Sources.Length; e++)
            {
                sources[edgeOffsets[g] + e] = nodeOffsets[g] + graphs[g].Sources[e];
                targets[edgeOffsets[g] + e] = nodeOffsets[g] + graphs[g].Targets[e];
            }
        }
        (Count, NodeOffsets, EdgeOffsets) = (graphs.Length, nodeOffsets, edgeOffsets);
        (Sources, Targets) = (device.Indices(sources), device.Indices(targets));
        NodesByGraph = DeviceGraphs.Make(device.Indices(owners), owners, graphs.Length);
        EdgesByTarget = DeviceGraphs.Make(Targets, targets, nodes);
        EdgesBySource = DeviceGraphs.Make(Sources, sources, nodes);
        Routes = new EdgeRoutes(
            Sources, Targets, DeviceGraphs.Neighbours(EdgesByTarget, targets, sources, nodes),
            DeviceGraphs.Neighbours(EdgesBySource, sources, targets, nodes));
    }

    private GraphBatch(GraphBatch turned)
    {
        (Count, NodeOffsets, EdgeOffsets, NodesByGraph) = (turned.Count, turned.NodeOffsets, turned.EdgeOffsets, turned.NodesByGraph);
        (Sources, Targets, EdgesBySource, EdgesByTarget) = (turned.Targets, turned.Sources, turned.EdgesByTarget, turned.EdgesBySource);
        Routes = new EdgeRoutes(Sources, Targets, turned.Routes.Outgoing, turned.Routes.Incoming);
    }

    /// <summary>Number of graphs.</summary>
    public int Count { get; }

    /// <summary>Nodes of all graphs.</summary>
    public int Nodes => NodeOffsets[^1];

    /// <summary>Edges of all graphs.</summary>
    public int Edges => EdgeOffsets[^1];

    /// <summary>The first node of each graph, and the number of nodes at the end.</summary>
    public IReadOnlyList<int> NodeOffsets { get; }

    /// <summary>The first edge of each graph, and the number of edges at the end.</summary>
    public IReadOnlyList<int> EdgeOffsets { get; }

    /// <summary>Where each edge begins, as a node of the batch: [edges].</summary>
    public IndexTensor Sources { get; }

    /// <summary>Where each edge ends: [edges].</summary>
    public IndexTensor Targets { get; }

    /// <summary>The graph of each node, for readouts over graphs.</summary>
    public Segments NodesByGraph { get; }

    /// <summary>Edges that arrive at each node.</summary>
    public Segments EdgesByTarget { get; }

    /// <summary>Edges that leave each node.</summary>
    public Segments EdgesBySource { get; }

    /// <summary>The device that holds the batch.</summary>
    public Device Device => Sources.Device;

    /// <summary>The edges as messages take them: each from its source to its target.</summary>
    internal EdgeRoutes Routes { get; }

    /// <summary>The same graphs with every edge turned round, in the same order; shares all memory.</summary>
    public GraphBatch Reverse() => new(this);

    /// <summary>Labels of the edges, sorted for messages with a matrix per label.</summary>
    /// <param name="labels">The label of each edge, in the order of the edges.</param>
    /// <param name="count">Number of labels; all labels are below.</param>
    /// <exception cref="ShapeException">There are not as many labels as edges, or one is not below <paramref name="count"/>; the message names the edge.</exception>
    public EdgeLabels Label(ReadOnlySpan<int> labels, int count) => new(this, labels, count);

    /// <inheritdoc/>
    public override string ToString() => $"GraphBatch({Count} graphs, {Nodes} nodes, {Edges} edges) on {Device.Info.Id}";

    private static void Check(int index, EdgeList graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        if (graph.Nodes < 0) throw new ShapeException("GraphBatch", $"graph {index} has {graph.Nodes} nodes.");
        if (graph.Sources.Length != graph.Targets.Length)
            throw new ShapeException("GraphBatch", $"graph {index} has {graph.Sources.Length} sources but {graph.Targets.Length} targets.");
        for (int e = 0; e < graph.Sources.Length; e++)
        {
            int source = graph.Sources[e], target = graph.Targets[e];
            if ((uint)source < (uint)graph.Nodes && (uint)target < (uint)graph.Nodes) continue;
            throw new ShapeException("GraphBatch",
                $"edge {e} of graph {index} goes from node {source} to node {target}, but the graph has {graph.Nodes} nodes (numbered from 0).");
        }
    }
}
