namespace GpuNets.Training;

/// <summary>The 13 properties of QM9 that the paper predicts, in its order.</summary>
public enum Qm9Target
{
    /// <summary>Dipole moment.</summary>
    Mu,

    /// <summary>Isotropic polarisability.</summary>
    Alpha,

    /// <summary>Energy of the highest occupied orbital.</summary>
    Homo,

    /// <summary>Energy of the lowest unoccupied orbital.</summary>
    Lumo,

    /// <summary>Lumo less homo.</summary>
    Gap,

    /// <summary>Electronic spatial extent.</summary>
    R2,

    /// <summary>Zero-point vibrational energy.</summary>
    Zpve,

    /// <summary>Atomisation energy at 0 K.</summary>
    U0,

    /// <summary>Atomisation energy at 298.15 K.</summary>
    U,

    /// <summary>Atomisation enthalpy at 298.15 K.</summary>
    H,

    /// <summary>Atomisation free energy at 298.15 K.</summary>
    G,

    /// <summary>Heat capacity at 298.15 K.</summary>
    Cv,

    /// <summary>Highest vibrational frequency. Only the raw xyz files have it.</summary>
    Omega1,
}
