using System.Numerics;
using GpuNets.Training;

namespace GpuNets.Tests.Chemistry;

/// <summary>Graphs of molecules against numbers worked out by hand.</summary>
public sealed class MoleculeGraphTests
{
    private static readonly MoleculeGraphOptions _bonds = new() { Representation = EdgeRepresentation.ChemicalGraph, Edges = MoleculeEdges.Bonds };

    [Fact(Timeout = 20_000)]
    public async Task Atom_features_are_the_13_of_the_paper_in_its_order()
    {
        await Task.Yield();
        // H C N O F | Z | acceptor donor aromatic | sp sp2 sp3 | hydrogens
        float[] Of(string smiles, int atom) => [.. new MoleculeGraph(SmilesReader.Parse(smiles), _bonds with { ExplicitHydrogens = false }).AtomFeatures.Skip(13 * atom).Take(13)];
        Assert.Equal(13, _bonds.AtomFeatureCount);
        Assert.Equal([0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 1, 4], Of("C", 0));
        Assert.Equal([0, 0, 0, 1, 0, 8, 1, 1, 0, 0, 0, 1, 1], Of("CO", 1));
        Assert.Equal([0, 0, 0, 1, 0, 8, 1, 0, 0, 0, 1, 0, 0], Of("CC=O", 2));
        Assert.Equal([0, 1, 0, 0, 0, 6, 0, 0, 0, 1, 0, 0, 1], Of("C#C", 0));
        Assert.Equal([0, 0, 1, 0, 0, 7, 0, 1, 1, 0, 1, 0, 1], Of("c1cc[nH]c1", 3));
        Assert.Equal([0, 0, 1, 0, 0, 7, 1, 0, 1, 0, 1, 0, 0], Of("c1ccncc1", 3));
        Assert.Equal([0, 0, 0, 0, 1, 9, 1, 0, 0, 0, 0, 1, 0], Of("CF", 1));
        Assert.Equal([0, 0, 1, 0, 0, 7, 0, 1, 0, 0, 0, 1, 2], Of("CN", 1));
        // An amide's nitrogen is conjugated.
        Assert.Equal([0, 0, 1, 0, 0, 7, 0, 1, 0, 0, 1, 0, 2], Of("NC=O", 0));
        var methane = new MoleculeGraph(SmilesReader.Parse("C"), _bonds);
        Assert.Equal(5, methane.Nodes);
        Assert.Equal([0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 1, 4], methane.AtomFeatures.Take(13));
        Assert.Equal([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], methane.AtomFeatures.Skip(13).Take(13));
    }

    [Fact(Timeout = 20_000)]
    public async Task Features_are_a_choice()
    {
        await Task.Yield();
        var options = _bonds with { Features = AtomFeatures.AtomicNumber | AtomFeatures.PartialCharge, Elements = [8, 1] };
        Assert.Equal(2, options.AtomFeatureCount);
        var water = XyzReader.Parse(ChemistryFiles.Water)[0].Molecule;
        Assert.Equal([8, -0.589706f, 1, 0.294853f, 1, 0.294853f], new MoleculeGraph(water, options).AtomFeatures);
        Assert.Equal([1, 0, 0, 1, 0, 1], new MoleculeGraph(water, options with { Features = AtomFeatures.Element }).AtomFeatures);
        Assert.Contains("atom 1 (O) has no partial charge", Assert.Throws<MoleculeException>(() => new MoleculeGraph(SmilesReader.Parse("O"), options)).Message, StringComparison.Ordinal);
        var error = Assert.Throws<MoleculeException>(() => new MoleculeGraph(SmilesReader.Parse("CCl chloromethane"), _bonds));
        Assert.Equal("chloromethane: atom 2 is Cl, but the network knows only H, C, N, O, F", error.Message);
        Assert.Equal(5, new MoleculeGraph(SmilesReader.Parse("CCl"), _bonds with { Elements = [1, 6, 17] }).Nodes);
        foreach (var wrong in (MoleculeGraphOptions[])[
            _bonds with { Features = AtomFeatures.None }, _bonds with { Features = (AtomFeatures)1024 }, _bonds with { Elements = [] }, _bonds with { Elements = [1, 1] },
            _bonds with { Elements = [119] }, _bonds with { Edges = (MoleculeEdges)7 }, _bonds with { Representation = (EdgeRepresentation)7 },
            _bonds with { Representation = EdgeRepresentation.DistanceBins, Edges = MoleculeEdges.BondsAndVirtual }])
            Assert.StartsWith("MoleculeGraphOptions: ", Assert.Throws<ArgumentException>(() => new MoleculeGraph(SmilesReader.Parse("C"), wrong)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Edges_of_every_kind_are_listed_in_order()
    {
        await Task.Yield();
        // O=C-N with a place for each, N 2.3 Angstrom from O.
        var molecule = Line([(8, 0), (6, 1.2), (7, 2.5)], [new(1, 0, BondKind.Double), new(1, 2, BondKind.Single)]);
        var graph = Make(molecule, EdgeRepresentation.ChemicalGraph, MoleculeEdges.Bonds);
        Assert.Equal([0, 1, 1, 2], graph.Edges.Sources);
        Assert.Equal([1, 0, 2, 1], graph.Edges.Targets);
        Assert.Equal([1, 1, 0, 0], graph.EdgeLabels);
        Assert.Equal([0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], graph.EdgeFeatures);
        Assert.Equal([1, 0], Make(molecule, EdgeRepresentation.ChemicalGraph, MoleculeEdges.Bonds, bothWays: false).EdgeLabels);
        foreach (var edges in (MoleculeEdges[])[MoleculeEdges.BondsAndVirtual, MoleculeEdges.Complete])
        {
            graph = Make(molecule, EdgeRepresentation.ChemicalGraph, edges);
            Assert.Equal([0, 0, 1, 1, 2, 2], graph.Edges.Sources);
            Assert.Equal([1, 2, 0, 2, 0, 1], graph.Edges.Targets);
            Assert.Equal([1, 4, 1, 0, 4, 0], graph.EdgeLabels);
            Assert.Equal((5, 5), (graph.Options.EdgeLabelCount, graph.Options.EdgeFeatureCount));
        }
        graph = Make(molecule, EdgeRepresentation.DistanceBins, MoleculeEdges.Complete, bothWays: false);
        Assert.Equal([0, 0, 1], graph.Edges.Sources);
        Assert.Equal([1, 2, 2], graph.Edges.Targets);
        Assert.Equal([1, 4 + 2, 0], graph.EdgeLabels);
        Assert.Equal((14, 14, 3 * 14), (graph.Options.EdgeLabelCount, graph.Options.EdgeFeatureCount, graph.EdgeFeatures.Length));
        Assert.Equal([1, 14 + 6, 28], Enumerable.Range(0, 42).Where(i => graph.EdgeFeatures[i] == 1));
        graph = Make(molecule, EdgeRepresentation.RawDistance, MoleculeEdges.Complete, bothWays: false);
        Assert.Equal([1.2f, 0, 1, 0, 0, 2.5f, 0, 0, 0, 0, 1.3f, 1, 0, 0, 0], graph.EdgeFeatures);
        Assert.Empty(graph.EdgeLabels);
        Assert.Equal((0, 5), (graph.Options.EdgeLabelCount, graph.Options.EdgeFeatureCount));
        // A virtual edge has no distance.
        Assert.Equal([1.2f, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1.3f, 1, 0, 0, 0], Make(molecule, EdgeRepresentation.RawDistance, MoleculeEdges.BondsAndVirtual, bothWays: false).EdgeFeatures);
    }

    [Fact(Timeout = 20_000)]
    public async Task Bins_begin_where_the_paper_says()
    {
        await Task.Yield();
        Assert.Equal([0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 8, 9, 9], new[] { 0, 1.99, 2, 2.49, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 5.999, 6, 1e6 }.Select(MoleculeGraph.BinOf));
        // Bonded atoms keep the bond's label however far they are.
        var graph = Make(Line([(6, 0), (6, 7), (6, 9)], [new(0, 1, BondKind.Single)]), EdgeRepresentation.DistanceBins, MoleculeEdges.Complete, bothWays: false);
        Assert.Equal([0, 13, 5], graph.EdgeLabels);
    }

    [Fact(Timeout = 20_000)]
    public async Task Hydrogens_come_and_go()
    {
        await Task.Yield();
        var ethanol = SmilesReader.Parse("CCO");
        var full = ethanol.WithExplicitHydrogens();
        Assert.Equal((9, 8, "C2H6O"), (full.Atoms.Length, full.Bonds.Length, full.Formula));
        Assert.Equal([3, 2, 1], Enumerable.Range(0, 3).Select(full.HydrogensOf));
        var back = full.WithImplicitHydrogens();
        Assert.Equal(ethanol.Atoms, back.Atoms);
        Assert.Equal(ethanol.Bonds, back.Bonds);
        Assert.Same(back, back.WithImplicitHydrogens());
        Assert.Same(full, full.WithExplicitHydrogens());
        // These stay atoms: H2, a proton, deuterium.
        Assert.Equal([2, 1, 2], new[] { "[H][H]", "[H+]", "[2H]C" }.Select(smiles => SmilesReader.Parse(smiles).WithImplicitHydrogens().Atoms.Length));
        var water = XyzReader.Parse(ChemistryFiles.Water)[0].Molecule;
        var heavy = new MoleculeGraph(water, new MoleculeGraphOptions { ExplicitHydrogens = false });
        Assert.Equal((1, 0), (heavy.Nodes, heavy.Edges.Sources.Length));
        Assert.Equal(2, heavy.AtomFeatures[12]);
        Assert.Contains("2 hydrogens are implicit, so their positions are unknown", Assert.Throws<MoleculeException>(() => new MoleculeGraph(heavy.Molecule)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Parts_single_atoms_and_molecules_without_bonds_are_graphs()
    {
        await Task.Yield();
        var argon = new MoleculeGraph(Line([(18, 0)], []), new MoleculeGraphOptions { Elements = [18] });
        Assert.Equal((1, 0, 0), (argon.Nodes, argon.Edges.Sources.Length, argon.EdgeFeatures.Length));
        var pair = Line([(2, 0), (2, 3.2)], []);
        Assert.Equal(2, pair.PartCount);
        var options = new MoleculeGraphOptions { Elements = [2] };
        Assert.Equal([3.2f, 0, 0, 0, 0, 3.2f, 0, 0, 0, 0], new MoleculeGraph(pair, options).EdgeFeatures);
        Assert.Empty(new MoleculeGraph(pair, options with { Edges = MoleculeEdges.Bonds }).EdgeFeatures);
        var two = new MoleculeGraph(SmilesReader.Parse("CO.NC"), _bonds with { ExplicitHydrogens = false });
        Assert.Equal([0, 1, 2, 3], two.Edges.Sources);
        Assert.Equal([1, 0, 3, 2], two.Edges.Targets);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_molecule_of_10_000_atoms_is_a_sparse_graph_and_too_many_edges_are_refused()
    {
        await Task.Yield();
        var chain = SmilesReader.Parse(new string('C', 10_000));
        var graph = new MoleculeGraph(chain, _bonds with { ExplicitHydrogens = false });
        Assert.Equal((10_000, 19_998), (graph.Nodes, graph.Edges.Sources.Length));
        var error = Assert.Throws<MoleculeException>(() => new MoleculeGraph(SmilesReader.Parse(new string('C', 50_000)), _bonds with { ExplicitHydrogens = false, Edges = MoleculeEdges.Complete }));
        Assert.Contains("2499950000 edges between 50000 atoms are too many", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Molecules_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        void Refused(string words, Func<object> make) => Assert.Contains(words, Assert.Throws<MoleculeException>(make).Message, StringComparison.Ordinal);
        var carbon = new Atom(Element.Carbon);
        Refused("at least 1 atom", () => new Molecule([], []));
        Refused("bond 1 joins atoms 1 and 3, but there are 2 atoms", () => new Molecule([carbon, carbon], [new(0, 2, BondKind.Single)]));
        Refused("joins atom 2 to itself", () => new Molecule([carbon, carbon], [new(1, 1, BondKind.Single)]));
        Refused("unknown kind 5", () => new Molecule([carbon, carbon], [new(0, 1, (BondKind)5)]));
        Refused("atoms 1 and 2 are bonded twice", () => new Molecule([carbon, carbon], [new(0, 1, BondKind.Single), new(1, 0, BondKind.Double)]));
        Refused("x: atom 2 (C) lies at (0, NaN, 0)", () => new Molecule([carbon with { Position = default(Vector3) }, carbon with { Position = new(0, float.NaN, 0) }], [], "x"));
        Refused("atom 1 (C) lies at (Infinity, 0, 0)", () => new Molecule([carbon with { Position = new(float.PositiveInfinity, 0, 0) }], []));
        Refused("atom 2 (C) has no position, unlike atom 1", () => new Molecule([carbon with { Position = default(Vector3) }, carbon], []));
        Refused("-1 implicit hydrogens", () => new Molecule([carbon with { ImplicitHydrogens = -1 }], []));
        Refused("partial charge of NaN", () => new Molecule([carbon with { PartialCharge = float.NaN }], []));
        var tooMany = new Molecule([.. Enumerable.Repeat(carbon, 6)], [.. Enumerable.Range(1, 5).Select(i => new Bond(0, i, BondKind.Single))]);
        Refused("atom 1: C has a valence of 5, at most 4", () => new MoleculeGraph(tooMany, _bonds));
    }

    private static Molecule Line((int Number, double X)[] atoms, Bond[] bonds) =>
        new([.. atoms.Select(atom => new Atom(Element.Of(atom.Number)) { Position = new((float)atom.X, 0, 0) })], [.. bonds]);

    private static MoleculeGraph Make(Molecule molecule, EdgeRepresentation representation, MoleculeEdges edges, bool bothWays = true) => new(molecule, new MoleculeGraphOptions
    {
        Representation = representation,
        Edges = edges,
        BothWays = bothWays,
        Features = AtomFeatures.AtomicNumber,
    });
}
