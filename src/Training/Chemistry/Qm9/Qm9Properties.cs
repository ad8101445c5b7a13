using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>Numbers that QM9 gives for a molecule, in the units of its files (energies in Hartree, not relative to atoms).</summary>
/// <param name="Values">A B C (GHz), mu, alpha, homo, lumo, gap, r2, zpve, U0, U, H, G, Cv.</param>
/// <param name="Omega1">Highest vibrational frequency in cm^-1; NaN where unknown (the packed set).</param>
public sealed record Qm9Properties(ImmutableArray<double> Values, double Omega1 = double.NaN)
{
    /// <summary>Number of values.</summary>
    public const int Count = 15;

    /// <summary>Values before the first target: the rotational constants.</summary>
    private const int FirstTarget = 3;

    /// <summary>A target in the unit of predictions: energies in eV, U0, U, H and G as atomisation energies.</summary>
    /// <param name="target">Which.</param>
    /// <param name="molecule">The molecule, whose atoms the energies are relative to.</param>
    /// <exception cref="MoleculeException">The target is an atomisation energy and an element is none of H, C, N, O, F, or Omega1 is unknown.</exception>
    public double Of(Qm9Target target, Molecule molecule)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        var info = Qm9TargetInfo.Of(target);
        if (target == Qm9Target.Omega1)
        {
            return double.IsNaN(Omega1)
                ? throw molecule.Error("Omega1 is not known; only the raw xyz files of QM9 have vibrational frequencies")
                : Omega1;
        }
        double value = Values[FirstTarget + (int)target] * info.UnitsPerSourceUnit;
        return info.IsAtomisation ? value - AtomicReferences.Of(target, molecule) : value;
    }
}
