using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Molecules with known values of properties; graphs are made when they are first asked for.</summary>
internal sealed class PropertyMolecules
{
    private readonly IReadOnlyList<Molecule> _molecules;
    private readonly MoleculeGraphOptions _options;
    private readonly MoleculeGraph?[] _graphs;

    public PropertyMolecules(IReadOnlyList<Molecule> molecules, double[] values, MoleculeGraphOptions options)
    {
        (_molecules, Values, _options) = (molecules, values, options);
        _graphs = new MoleculeGraph?[molecules.Count];
    }

    public int Count => _molecules.Count;

    /// <summary>[molecules, targets] in their units.</summary>
    public double[] Values { get; }

    public MoleculeGraph[] Graphs(ReadOnlySpan<int> indices)
    {
        var graphs = new MoleculeGraph[indices.Length];
        // Two threads may make the same graph; either will do.
        for (int i = 0; i < graphs.Length; i++) graphs[i] = _graphs[indices[i]] ??= new MoleculeGraph(_molecules[indices[i]], _options);
        return graphs;
    }

    /// <summary>Number of the first generated molecule of a part; no two parts meet.</summary>
    public static int FirstOf(CorpusSplit split) => (int)split * 500_000_000;

    /// <summary>Reads a part of the data.</summary>
    public static PropertyMolecules Open(PropertyDataOptions data, MoleculeGraphOptions graph, CorpusSplit split, ulong seed, Qm9DataSet? qm9)
    {
        int? count = split switch { CorpusSplit.Train => data.TrainMolecules, CorpusSplit.Validation => data.ValidationMolecules, _ => data.TestMolecules };
        if (data.Source == PropertySource.Generated)
        {
            var made = GeneratedMolecules.Generate(count!.Value, seed, FirstOf(split));
            return new PropertyMolecules([.. made.Select(one => one.Molecule)], [.. made.Select(one => one.R2)], graph);
        }
        var samples = qm9![split];
        if (count > samples.Count) throw new ArgumentException($"the {split} part of QM9 has {samples.Count} molecules, but {count} are asked for.");
        if (count is { } first) samples = [.. samples.Take(first)];
        var targets = data.Qm9Targets();
        return new PropertyMolecules([.. samples.Select(sample => sample.Molecule)], [.. samples.SelectMany(sample => targets.Select(info => sample.Target(info.Target)))], graph);
    }
}
