namespace GpuNets.Training;

/// <summary>How the bonds of an xyz record, a format without bonds, were found.</summary>
public enum XyzBonds
{
    /// <summary>Atoms near enough are bonded; the kinds of bonds come from the record's SMILES of the relaxed geometry.</summary>
    Smiles,

    /// <summary>The same from the SMILES that the calculation began with, as the other does not fit the geometry.</summary>
    GdbSmiles,

    /// <summary>Atoms near enough are bonded; multiple bonds fill up the valences, shortest first.</summary>
    Perceived,
}
