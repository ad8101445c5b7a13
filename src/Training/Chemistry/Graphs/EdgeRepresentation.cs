namespace GpuNets.Training;

/// <summary>What a network is told of an edge between two atoms (the paper's section 6).</summary>
public enum EdgeRepresentation
{
    /// <summary>The kind of bond: labels 0 to 3 for single, double, triple, aromatic, 4 for atoms that are not bonded.</summary>
    ChemicalGraph,

    /// <summary>Labels 0 to 3 for the kinds of bonds, 4 to 13 for ten bins of the distance of atoms that are not bonded.</summary>
    DistanceBins,

    /// <summary>The distance in Angstrom and the kind of bond: five numbers.</summary>
    RawDistance,
}
