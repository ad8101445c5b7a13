namespace GpuNets.Training;

/// <summary>A molecule of QM9 with what was calculated for it.</summary>
/// <param name="Id">Its number in QM9 (from 1 to 133,885); 0 if it has none.</param>
/// <param name="Molecule">The molecule with hydrogens as atoms and coordinates.</param>
/// <param name="Properties">What was calculated.</param>
/// <param name="Smiles">Its SMILES; empty where unknown.</param>
public sealed record Qm9Sample(int Id, Molecule Molecule, Qm9Properties Properties, string Smiles = "")
{
    /// <summary>A target in the unit of predictions.</summary>
    /// <param name="target">Which.</param>
    /// <exception cref="MoleculeException">As of <see cref="Qm9Properties.Of"/>.</exception>
    public double Target(Qm9Target target) => Properties.Of(target, Molecule);
}
