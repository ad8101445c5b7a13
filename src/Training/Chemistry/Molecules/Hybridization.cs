namespace GpuNets.Training;

/// <summary>Hybridisation of an atom's orbitals.</summary>
public enum Hybridization
{
    /// <summary>None of the others: hydrogen, bare ions, more than four neighbours.</summary>
    None,

    /// <summary>Linear.</summary>
    Sp,

    /// <summary>Trigonal, also an atom whose lone pair is conjugated.</summary>
    Sp2,

    /// <summary>Tetrahedral.</summary>
    Sp3,
}
