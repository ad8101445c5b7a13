namespace GpuNets.Training;

/// <summary>What a network is told of an atom, in the order of the features (the paper's Table 1).</summary>
[Flags]
public enum AtomFeatures
{
    /// <summary>Nothing; not allowed in a graph.</summary>
    None = 0,

    /// <summary>One-hot element (H, C, N, O, F by default).</summary>
    Element = 1,

    /// <summary>Atomic number.</summary>
    AtomicNumber = 2,

    /// <summary>1 for an acceptor of hydrogen bonds.</summary>
    Acceptor = 4,

    /// <summary>1 for a donor of hydrogen bonds.</summary>
    Donor = 8,

    /// <summary>1 for an aromatic atom.</summary>
    Aromatic = 16,

    /// <summary>One-hot sp, sp2, sp3; all 0 for none of them.</summary>
    Hybridization = 32,

    /// <summary>Number of hydrogens bonded to the atom.</summary>
    Hydrogens = 64,

    /// <summary>Partial charge. Comes from the quantum calculation, so it leaks what is to be predicted; the paper's headline models go without.</summary>
    PartialCharge = 128,

    /// <summary>The paper's Table 1: all but the partial charge, 13 numbers.</summary>
    Table1 = Element | AtomicNumber | Acceptor | Donor | Aromatic | Hybridization | Hydrogens,
}
