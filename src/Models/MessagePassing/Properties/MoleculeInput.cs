using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Graphs of molecules as the input of a network.</summary>
public static class MoleculeInput
{
    /// <summary>Puts graphs on a device as one batch; only what the network reads.</summary>
    /// <param name="device">Where to.</param>
    /// <param name="options">The network.</param>
    /// <param name="graphs">Graphs made with equal options.</param>
    /// <exception cref="ShapeException">A graph has other numbers of features or labels than the network.</exception>
    public static GraphInput Of(Device device, MessagePassingOptions options, params ReadOnlySpan<MoleculeGraph> graphs)
    {
        var lists = new EdgeList[graphs.Length];
        int nodes = 0, edges = 0;
        for (int g = 0; g < lists.Length; g++)
        {
            Check(options, graphs[g]);
            lists[g] = graphs[g].Edges;
            nodes += graphs[g].Nodes;
            edges += lists[g].Sources.Length;
        }
        var batch = device.Graphs(lists);
        return new GraphInput(batch, device.Tensor(Join(graphs, nodes * options.Inputs, graph => graph.AtomFeatures), (nodes, options.Inputs)))
        {
            Edges = options.EdgeInputs == 0
                ? null
                : device.Tensor(Join(graphs, edges * options.EdgeInputs, graph => graph.EdgeFeatures), (edges, options.EdgeInputs)),
            Labels = options.Labels == 0 ? null : batch.Label(Join(graphs, edges, graph => graph.EdgeLabels), options.Labels),
            Modes = options.Message != MessageKind.Spectral
                ? null
                : device.Tensor(Join(graphs, nodes * options.SpectralOrder, graph => LaplacianModes.Of(graph.Edges, options.SpectralOrder)), (nodes, options.SpectralOrder)),
        };
    }

    private static void Check(MessagePassingOptions options, MoleculeGraph graph)
    {
        var made = graph.Options;
        if (made.AtomFeatureCount != options.Inputs) throw new ShapeException("MoleculeInput", $"an atom has {made.AtomFeatureCount} features, but the network takes {options.Inputs}.");
        if (options.EdgeInputs > 0 && made.EdgeFeatureCount != options.EdgeInputs)
            throw new ShapeException("MoleculeInput", $"an edge has {made.EdgeFeatureCount} features, but the network takes {options.EdgeInputs}.");
        if (options.Labels > 0 && made.EdgeLabelCount != options.Labels)
            throw new ShapeException("MoleculeInput", $"edges have {made.EdgeLabelCount} labels, but the network takes {options.Labels}.");
    }

    private static T[] Join<T>(ReadOnlySpan<MoleculeGraph> graphs, int count, Func<MoleculeGraph, T[]> part)
    {
        var all = new T[count];
        int at = 0;
        foreach (var graph in graphs)
        {
            var values = part(graph);
            values.CopyTo(all, at);
            at += values.Length;
        }
        return all;
    }
}
