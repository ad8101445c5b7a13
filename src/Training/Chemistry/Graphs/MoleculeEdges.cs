namespace GpuNets.Training;

/// <summary>Which pairs of atoms have an edge.</summary>
public enum MoleculeEdges
{
    /// <summary>Bonded ones.</summary>
    Bonds,

    /// <summary>
    /// All; where there is no bond a virtual edge that says just this, without the distance. For the chemical graph the same as
    /// <see cref="Complete"/>.
    /// </summary>
    BondsAndVirtual,

    /// <summary>All, with all that the representation tells.</summary>
    Complete,
}
