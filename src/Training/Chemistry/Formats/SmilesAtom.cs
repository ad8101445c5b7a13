namespace GpuNets.Training;

/// <summary>An atom as a SMILES writes it.</summary>
internal readonly record struct SmilesAtom(Element Element, int Position)
{
    /// <summary>True outside of brackets: hydrogens fill up the valence.</summary>
    public bool IsOrganic { get; init; }

    public bool IsAromatic { get; init; }

    public int Isotope { get; init; }

    public int Hydrogens { get; init; }

    public int Charge { get; init; }
}
