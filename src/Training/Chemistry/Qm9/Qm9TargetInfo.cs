using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>What is known of a property of QM9: its unit as predicted, and how exact a prediction has to be.</summary>
/// <param name="Target">The property.</param>
/// <param name="Name">Its name on the command line and in files, such as <c>mu</c>.</param>
/// <param name="Unit">Unit of predictions and errors (energies in eV).</param>
/// <param name="ChemicalAccuracy">An error in this unit that counts as chemically accurate; the error ratio is the mean absolute error divided by it.</param>
/// <param name="DftError">Error estimate of the calculation itself; null where the paper gives none.</param>
/// <param name="UnitsPerSourceUnit">What a number of QM9's files is multiplied with: 27.211386246 eV per Hartree for energies, else 1.</param>
public sealed record Qm9TargetInfo(Qm9Target Target, string Name, string Unit, double ChemicalAccuracy, double? DftError, double UnitsPerSourceUnit)
{
    /// <summary>Electronvolts of a Hartree.</summary>
    public const double ElectronvoltsPerHartree = 27.211386246;

    /// <summary>All 13, in the paper's order.</summary>
    public static ImmutableArray<Qm9TargetInfo> All { get; } =
    [
        new(Qm9Target.Mu, "mu", "Debye", 0.1, 0.1, 1),
        new(Qm9Target.Alpha, "alpha", "Bohr^3", 0.1, 0.4, 1),
        new(Qm9Target.Homo, "homo", "eV", 0.043, 2.0, ElectronvoltsPerHartree),
        new(Qm9Target.Lumo, "lumo", "eV", 0.043, 2.6, ElectronvoltsPerHartree),
        new(Qm9Target.Gap, "gap", "eV", 0.043, 1.2, ElectronvoltsPerHartree),
        new(Qm9Target.R2, "R2", "Bohr^2", 1.2, null, 1),
        new(Qm9Target.Zpve, "ZPVE", "eV", 0.0012, 0.0097, ElectronvoltsPerHartree),
        new(Qm9Target.U0, "U0", "eV", 0.043, 0.1, ElectronvoltsPerHartree),
        new(Qm9Target.U, "U", "eV", 0.043, 0.1, ElectronvoltsPerHartree),
        new(Qm9Target.H, "H", "eV", 0.043, 0.1, ElectronvoltsPerHartree),
        new(Qm9Target.G, "G", "eV", 0.043, 0.1, ElectronvoltsPerHartree),
        new(Qm9Target.Cv, "Cv", "cal/(mol K)", 0.05, 0.34, 1),
        new(Qm9Target.Omega1, "omega1", "cm^-1", 10.0, 28.0, 1),
    ];

    /// <summary>True for the four energies that are taken relative to free atoms.</summary>
    public bool IsAtomisation => Target is Qm9Target.U0 or Qm9Target.U or Qm9Target.H or Qm9Target.G;

    /// <summary>What is known of a property.</summary>
    public static Qm9TargetInfo Of(Qm9Target target) => Enum.IsDefined(target)
        ? All[(int)target]
        : throw new ArgumentOutOfRangeException(nameof(target), target, "Qm9TargetInfo: there is no such target.");

    /// <summary>The property with a name; capitals do not matter.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists all.</exception>
    public static Qm9TargetInfo Parse(string name) =>
        All.FirstOrDefault(info => string.Equals(info.Name, name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"QM9 has no target '{name}'; its targets are {string.Join(", ", All.Select(info => info.Name))}.", nameof(name));

    /// <inheritdoc/>
    public override string ToString() => $"{Name} [{Unit}]";
}
