namespace GpuNets.Training;

/// <summary>A molecule of <see cref="GeneratedMolecules"/> with its target.</summary>
/// <param name="Molecule">Hydrogens as atoms, coordinates in Angstrom, no charges.</param>
/// <param name="R2">Sum of Z |r - c|^2 over its atoms in Angstrom^2, c their centre weighted with the atomic numbers Z.</param>
public sealed record GeneratedMolecule(Molecule Molecule, double R2);
