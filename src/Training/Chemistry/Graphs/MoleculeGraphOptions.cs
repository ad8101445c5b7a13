using System.Numerics;
using System.Text.Json.Serialization;

namespace GpuNets.Training;

/// <summary>How molecules become graphs.</summary>
public sealed record MoleculeGraphOptions
{
    /// <summary>Number of kinds of bonds.</summary>
    public const int BondKinds = 4;

    /// <summary>Number of bins of distances: [0, 2), eight of 0.5 over [2, 6), [6, infinity), in Angstrom.</summary>
    public const int DistanceBins = 10;

    /// <summary>What is told of an edge.</summary>
    public EdgeRepresentation Representation { get; init; } = EdgeRepresentation.RawDistance;

    /// <summary>Which pairs have an edge.</summary>
    public MoleculeEdges Edges { get; init; } = MoleculeEdges.Complete;

    /// <summary>True to list every edge both ways, false for once, from the lower to the higher number.</summary>
    public bool BothWays { get; init; } = true;

    /// <summary>True for hydrogens as atoms, false for a number at their neighbours.</summary>
    public bool ExplicitHydrogens { get; init; } = true;

    /// <summary>What is told of an atom.</summary>
    public AtomFeatures Features { get; init; } = AtomFeatures.Table1;

    /// <summary>Atomic numbers that the one-hot element knows, in its order; molecules with other elements are refused.</summary>
    public IReadOnlyList<int> Elements { get; init; } = [1, 6, 7, 8, 9];

    /// <summary>Features of an atom: F.</summary>
    [JsonIgnore]
    public int AtomFeatureCount
    {
        get
        {
            int wide = (Features.HasFlag(AtomFeatures.Element) ? Elements.Count : 0) + (Features.HasFlag(AtomFeatures.Hybridization) ? 3 : 0);
            return wide + BitOperations.PopCount((uint)(Features & ~(AtomFeatures.Element | AtomFeatures.Hybridization)));
        }
    }

    /// <summary>
    /// Number of labels: 4 kinds of bonds, and with pairs that are not bonded one more (chemical graph) or ten bins (distance bins); 0 for raw
    /// distances, which have no labels.
    /// </summary>
    [JsonIgnore]
    public int EdgeLabelCount => Representation switch
    {
        EdgeRepresentation.RawDistance => 0,
        EdgeRepresentation.DistanceBins => BondKinds + DistanceBins,
        _ => Edges == MoleculeEdges.Bonds ? BondKinds : BondKinds + 1,
    };

    /// <summary>Features of an edge: the distance and the one-hot kind of bond (5) for raw distances, else the one-hot label.</summary>
    [JsonIgnore]
    public int EdgeFeatureCount => Representation == EdgeRepresentation.RawDistance ? 1 + BondKinds : EdgeLabelCount;

    /// <summary>Throws unless the options make sense.</summary>
    /// <exception cref="ArgumentException">No features, an unknown element, or distance bins on virtual edges.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Representation)) throw new ArgumentException($"MoleculeGraphOptions: {Representation} is no representation of edges.");
        if (!Enum.IsDefined(Edges)) throw new ArgumentException($"MoleculeGraphOptions: {Edges} names no set of edges.");
        if (Features == AtomFeatures.None || (Features & ~(AtomFeatures.Table1 | AtomFeatures.PartialCharge)) != 0)
            throw new ArgumentException(
                $"MoleculeGraphOptions: Features are {Features}, expected at least one of {AtomFeatures.Table1 | AtomFeatures.PartialCharge}.");
        if (Elements.Count == 0 || Elements.Distinct().Count() != Elements.Count || Elements.Any(number => number < 1 || number > Element.All.Count))
            throw new ArgumentException($"MoleculeGraphOptions: Elements are [{string.Join(", ", Elements)}], expected different atomic numbers.");
        if (Representation == EdgeRepresentation.DistanceBins && Edges == MoleculeEdges.BondsAndVirtual)
            throw new ArgumentException("MoleculeGraphOptions: virtual edges carry no distance, so they have no bin; take DistanceBins with Complete or Bonds.");
    }
}
