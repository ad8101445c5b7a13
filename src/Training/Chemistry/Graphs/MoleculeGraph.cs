using System.Numerics;

namespace GpuNets.Training;

/// <summary>A molecule made ready for a network: atoms and edges as numbers, on the host.</summary>
public sealed class MoleculeGraph
{
    private readonly MoleculeGraphOptions _options;

    /// <summary>Makes the graph of a molecule.</summary>
    /// <param name="molecule">The molecule.</param>
    /// <param name="options">How; null for the defaults (complete graph, raw distances, explicit hydrogens).</param>
    /// <exception cref="ArgumentException">The options make no sense.</exception>
    /// <exception cref="MoleculeException">
    /// The molecule has an element that the options do not know, a wrong valence, or lacks what the options ask for: coordinates, explicit hydrogens
    /// with coordinates, or partial charges; or it is so large that the edges have no room in an array.
    /// </exception>
    public MoleculeGraph(Molecule molecule, MoleculeGraphOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        _options = options ?? new MoleculeGraphOptions();
        _options.Validate();
        Molecule = _options.ExplicitHydrogens ? molecule.WithExplicitHydrogens() : molecule.WithImplicitHydrogens();
        AtomFeatures = AtomFeatureRows.Of(Molecule, _options);
        var (sources, targets) = Pairs();
        bool needsPositions = _options.Representation != EdgeRepresentation.ChemicalGraph
            && !(_options.Edges == MoleculeEdges.Bonds && _options.Representation == EdgeRepresentation.DistanceBins);
        if (needsPositions && !Molecule.HasPositions)
            throw Molecule.Error(
                $"the molecule has no coordinates, which {_options.Representation} needs; read it from a format that has them, or take ChemicalGraph");
        Edges = new EdgeList(Molecule.Atoms.Length, sources, targets);
        EdgeLabels = new int[_options.EdgeLabelCount == 0 ? 0 : sources.Length];
        EdgeFeatures = new float[checked(sources.Length * _options.EdgeFeatureCount)];
        Describe();
    }

    /// <summary>The molecule, with the hydrogens that the options ask for: the nodes are its atoms.</summary>
    public Molecule Molecule { get; }

    /// <summary>Nodes: n.</summary>
    public int Nodes => Molecule.Atoms.Length;

    /// <summary>Features of every atom, row-major: [n, F] with F = <see cref="MoleculeGraphOptions.AtomFeatureCount"/>.</summary>
    public float[] AtomFeatures { get; }

    /// <summary>
    /// The edges: E. Listed both ways unless the options say once, sorted by source and target. No atom has an edge to itself.
    /// </summary>
    public EdgeList Edges { get; }

    /// <summary>
    /// Features of every edge, row-major: [E, 5] of distance in Angstrom and one-hot kind of bond for raw distances (a virtual edge is all 0), else
    /// the one-hot label [E, <see cref="MoleculeGraphOptions.EdgeLabelCount"/>].
    /// </summary>
    public float[] EdgeFeatures { get; }

    /// <summary>The label of every edge: [E]; empty for raw distances. See <see cref="EdgeRepresentation"/>.</summary>
    public int[] EdgeLabels { get; }

    /// <summary>How the graph was made.</summary>
    public MoleculeGraphOptions Options => _options;

    /// <summary>The bin, 0 to 9, of the distance of atoms that are not bonded.</summary>
    /// <param name="distance">Distance in Angstrom.</param>
    public static int BinOf(double distance) => distance < 2 ? 0 : Math.Min(MoleculeGraphOptions.DistanceBins - 1, 1 + (int)((Math.Min(distance, 6) - 2) / 0.5));

    /// <inheritdoc/>
    public override string ToString() => $"MoleculeGraph({Molecule}: {Nodes} nodes, {Edges.Sources.Length} edges)";

    private (int[] Sources, int[] Targets) Pairs()
    {
        int n = Nodes;
        long edges = (_options.Edges == MoleculeEdges.Bonds ? 2L * Molecule.Bonds.Length : (long)n * (n - 1)) / (_options.BothWays ? 1 : 2);
        if (edges * _options.EdgeFeatureCount > Array.MaxLength)
            throw Molecule.Error($"{edges} edges between {n} atoms are too many; take bonds only for a molecule of this size");
        int count = (int)edges;
        int[] sources = new int[count], targets = new int[count];
        int edge = 0;
        for (int i = 0; i < n; i++)
        {
            if (_options.Edges == MoleculeEdges.Bonds)
            {
                int start = edge;
                foreach (int b in Molecule.BondsOf(i))
                    if (Molecule.Bonds[b].Other(i) is var j && (_options.BothWays || j > i)) (sources[edge], targets[edge++]) = (i, j);
                targets.AsSpan(start..edge).Sort();
            }
            else
            {
                for (int j = _options.BothWays ? 0 : i + 1; j < n; j++)
                    if (j != i) (sources[edge], targets[edge++]) = (i, j);
            }
        }
        return (sources, targets);
    }

    private void Describe()
    {
        int width = _options.EdgeFeatureCount;
        int[] kinds = new int[Nodes];
        for (int e = 0, source = -1; e < Edges.Sources.Length; e++)
        {
            int i = Edges.Sources[e], j = Edges.Targets[e];
            if (i != source)
            {
                if (source >= 0) Mark(kinds, source, set: false);
                Mark(kinds, source = i, set: true);
            }
            int kind = kinds[j];
            if (_options.Representation == EdgeRepresentation.RawDistance)
            {
                if (kind > 0 || _options.Edges != MoleculeEdges.BondsAndVirtual) EdgeFeatures[e * width] = (float)Distance(i, j);
                if (kind > 0) EdgeFeatures[e * width + kind] = 1f;
                continue;
            }
            int label = kind > 0 ? kind - 1 : MoleculeGraphOptions.BondKinds;
            if (kind == 0 && _options.Representation == EdgeRepresentation.DistanceBins) label += BinOf(Distance(i, j));
            EdgeLabels[e] = label;
            EdgeFeatures[e * width + label] = 1f;
        }
    }

    private void Mark(int[] kinds, int atom, bool set)
    {
        foreach (int b in Molecule.BondsOf(atom)) kinds[Molecule.Bonds[b].Other(atom)] = set ? (int)Molecule.Bonds[b].Kind : 0;
    }

    private double Distance(int i, int j)
    {
        Vector3 a = Molecule.Atoms[i].Position!.Value, b = Molecule.Atoms[j].Position!.Value;
        double x = (double)a.X - b.X, y = (double)a.Y - b.Y, z = (double)a.Z - b.Z;
        return Math.Sqrt(x * x + y * y + z * z);
    }
}
