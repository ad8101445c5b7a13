using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A network with what its outputs stand for.</summary>
internal sealed class PropertyPredictor(MessagePassingNetwork network, Device device, IReadOnlyList<MoleculeTarget> targets)
{
    private const int MostNodes = 2_048, MostEdges = 65_536;

    public IReadOnlyList<MoleculeTarget> Targets { get; } = targets;

    /// <summary>Values in the units of the targets, [molecules, targets]; batches by size, so that large molecules fit as well.</summary>
    /// <param name="count">Number of molecules.</param>
    /// <param name="graph">Gives the graph of one.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    public double[] Predict(int count, Func<int, MoleculeGraph> graph, CancellationToken cancellation = default)
    {
        double[] values = new double[count * Targets.Count];
        var batch = new List<MoleculeGraph>();
        int first = 0, nodes = 0, edges = 0;
        for (int i = 0; i < count; i++)
        {
            var next = graph(i);
            if (batch.Count > 0 && (nodes + next.Nodes > MostNodes || edges + next.Edges.Sources.Length > MostEdges)) Flush();
            batch.Add(next);
            nodes += next.Nodes;
            edges += next.Edges.Sources.Length;
        }
        if (batch.Count > 0) Flush();
        return values;

        void Flush()
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = device.Scope();
            float[] outputs = network.Forward(MoleculeInput.Of(device, network.Options, [.. batch])).ToArray();
            for (int i = 0; i < outputs.Length; i++)
            {
                var target = Targets[i % Targets.Count];
                values[first * Targets.Count + i] = target.Mean + target.Deviation * outputs[i];
            }
            first += batch.Count;
            (nodes, edges) = (0, 0);
            batch.Clear();
        }
    }

    /// <summary>Mean absolute error of each target, in its unit.</summary>
    public double[] Errors(PropertyMolecules molecules, CancellationToken cancellation = default)
    {
        double[] found = Predict(molecules.Count, i => molecules.Graphs([i])[0], cancellation), errors = new double[Targets.Count];
        for (int i = 0; i < found.Length; i++) errors[i % errors.Length] += Math.Abs(found[i] - molecules.Values[i]) / molecules.Count;
        return errors;
    }

    /// <summary>The error that counts: over chemical accuracy where there is one, else over the deviation.</summary>
    public double Ratio(double error, int target) => error / (Targets[target].ChemicalAccuracy ?? Targets[target].Deviation);
}
