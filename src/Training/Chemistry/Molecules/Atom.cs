using System.Numerics;

namespace GpuNets.Training;

/// <summary>An atom of a molecule.</summary>
/// <param name="Element">Its element.</param>
public sealed record Atom(Element Element)
{
    /// <summary>Formal charge in elementary charges.</summary>
    public int FormalCharge { get; init; }

    /// <summary>Hydrogens bonded to it that are no atoms of the molecule.</summary>
    public int ImplicitHydrogens { get; init; }

    /// <summary>True if it belongs to an aromatic system.</summary>
    public bool IsAromatic { get; init; }

    /// <summary>Mass number; 0 for the natural mixture.</summary>
    public int Isotope { get; init; }

    /// <summary>Where it is, in Angstrom; null where the molecule has no coordinates.</summary>
    public Vector3? Position { get; init; }

    /// <summary>Partial charge in elementary charges (Mulliken in QM9); null where unknown.</summary>
    public float? PartialCharge { get; init; }
}
