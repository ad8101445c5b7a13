using System.Diagnostics.CodeAnalysis;

namespace GpuNets.Training;

/// <summary>Kinds of bonds. A bond's label in a network is its number less one.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "Chemists call these bonds single and double.")]
public enum BondKind
{
    /// <summary>One pair of electrons.</summary>
    Single = 1,

    /// <summary>Two pairs.</summary>
    Double = 2,

    /// <summary>Three pairs.</summary>
    Triple = 3,

    /// <summary>Part of an aromatic system.</summary>
    Aromatic = 4,
}
