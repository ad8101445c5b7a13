using GpuNets.Training;

namespace GpuNets.Models;

/// <content>Named settings.</content>
public sealed partial record PropertyOptions
{
    /// <summary>Generated molecules, raw distances on the complete graph, hydrogens as atoms, enn-s2s.</summary>
    public static PropertyOptions Generated => new()
    {
        Data = new PropertyDataOptions { Source = PropertySource.Generated, Targets = "R2", TrainMolecules = 2_500, ValidationMolecules = 300, TestMolecules = 300 },
        Model = new MessagePassingOptions { Size = 32, Steps = 3, ProcessingSteps = 3, MessageHidden = [64] },
        LearningRate = 1e-3f,
    };

    /// <summary>The same without hydrogens as atoms.</summary>
    public static PropertyOptions GeneratedHeavy => Generated with { Graph = new MoleculeGraphOptions { ExplicitHydrogens = false } };

    /// <summary>The same without distances: kinds of bonds on the complete graph.</summary>
    public static PropertyOptions GeneratedTopology => Generated with { Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.ChemicalGraph } };

    /// <summary>A matrix per bin of distance, gated sum.</summary>
    public static PropertyOptions GeneratedBins => Gated(Generated) with { Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.DistanceBins } };

    /// <summary>A matrix per kind of bond on the sparse graph of bonds, gated sum.</summary>
    public static PropertyOptions GeneratedBonds => Gated(Generated) with
    {
        Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.ChemicalGraph, Edges = MoleculeEdges.Bonds },
    };

    /// <summary>QM9's packed subset: enn-s2s with raw distances at the size of tens of minutes on a GPU; 60 epochs of batches of 64.</summary>
    public static PropertyOptions Qm9 => new()
    {
        Training = Generated.Training with { Steps = 9_480, ReportEvery = 158, CheckpointEvery = 1_580 },
        Data = new PropertyDataOptions { Source = PropertySource.Qm9 },
        Model = new MessagePassingOptions { Size = 64, Steps = 3, ProcessingSteps = 3, MessageHidden = [128], MessageGain = 0.15 },
        BatchSize = 64,
        LearningRate = 3e-4f,   // in the paper's range; with 1e-3 the update saturates on some targets (mu) and learns no more
        DecayFactor = 0.03,
    };

    /// <summary>The same at the size of a quarter of an hour on a core: d 32, one channel, batches of 20, 40 epochs.</summary>
    public static PropertyOptions Qm9Small => Small(Qm9);

    /// <summary><see cref="Qm9"/> with a matrix per bin of distance and set2set.</summary>
    public static PropertyOptions Qm9Bins => Qm9 with
    {
        Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.DistanceBins },
        Model = Qm9.Model with { Message = MessageKind.Matrices },
    };

    /// <summary><see cref="Qm9Small"/> with a matrix per bin of distance.</summary>
    public static PropertyOptions Qm9SmallBins => Small(Qm9Bins);

    /// <summary><see cref="Qm9"/> without distances.</summary>
    public static PropertyOptions Qm9Topology => Qm9 with { Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.ChemicalGraph } };

    /// <summary><see cref="Qm9Small"/> without distances.</summary>
    public static PropertyOptions Qm9SmallTopology => Small(Qm9Topology);

    /// <summary>The paper's table 3, without geometry: a matrix per kind of bond on the sparse graph, gated sum.</summary>
    public static PropertyOptions Qm9Bonds => Gated(Qm9) with
    {
        Model = Gated(Qm9).Model with { MessageGain = 1 },   // atoms have few bonds
        Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.ChemicalGraph, Edges = MoleculeEdges.Bonds },
    };

    /// <summary>The same with a virtual edge between all atoms that are not bonded: a label more.</summary>
    public static PropertyOptions Qm9Virtual => Qm9Bonds with { Graph = Qm9Bonds.Graph with { Edges = MoleculeEdges.BondsAndVirtual } };

    /// <summary><see cref="Qm9Bonds"/> with a master node of 200.</summary>
    public static PropertyOptions Qm9Master => Qm9Bonds with { Model = Qm9Bonds.Model with { MasterSize = 200 } };

    /// <summary><see cref="Qm9Bonds"/> with set2set.</summary>
    public static PropertyOptions Qm9SetToSet => Qm9Bonds with { Model = Qm9Bonds.Model with { Readout = ReadoutKind.SetToSet } };

    /// <summary>The paper's table 4: bins of distances without hydrogens as atoms, d 200 in eight towers, gated sum.</summary>
    public static PropertyOptions Qm9Towers => Gated(Qm9) with
    {
        Graph = new MoleculeGraphOptions { Representation = EdgeRepresentation.DistanceBins, ExplicitHydrogens = false },
        Model = Gated(Qm9).Model with { Size = 200, Towers = 8, Mixing = [200] },
    };

    /// <summary><see cref="Qm9"/> for all targets at once.</summary>
    public static PropertyOptions Qm9Joint => Qm9 with { Data = Qm9.Data with { Targets = "all" } };

    /// <summary>The authors' released settings: d 50, T 6, M 12, batches of 20, step size 1.3e-4, 3 million updates.</summary>
    public static PropertyOptions Qm9Released => Qm9 with
    {
        Training = Qm9.Training with { Steps = 3_000_000, ReportEvery = 5_000, CheckpointEvery = 50_000 },
        Model = new MessagePassingOptions(),
        BatchSize = 20,
        LearningRate = 1.3e-4f,
        DecayFactor = 0.01,
    };

    private static PropertyOptions Small(PropertyOptions options) => options with
    {
        Training = options.Training with { Steps = 20_000, ReportEvery = 1_000, CheckpointEvery = 1_000 },
        Model = options.Model with { Size = 32, MessageHidden = [64], TwoChannels = false },
        BatchSize = 20,
    };

    private static PropertyOptions Gated(PropertyOptions options) => options with
    {
        Model = options.Model with { Message = MessageKind.Matrices, Readout = ReadoutKind.GatedSum },
    };
}
