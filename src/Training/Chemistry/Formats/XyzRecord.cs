using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>A record of an xyz file: of QM9 with all that is calculated, or a plain one with a molecule only.</summary>
/// <param name="Molecule">The molecule, hydrogens as atoms, with coordinates; partial charges where the file has them.</param>
/// <param name="Bonds">How its bonds were found.</param>
public sealed record XyzRecord(Molecule Molecule, XyzBonds Bonds)
{
    /// <summary>Number in QM9; 0 for a plain record.</summary>
    public int Id { get; init; }

    /// <summary>What QM9 gives for the molecule; null for a plain record.</summary>
    public Qm9Properties? Properties { get; init; }

    /// <summary>Vibrational frequencies in cm^-1, rising; empty for a plain record.</summary>
    public ImmutableArray<double> Frequencies { get; init; } = [];

    /// <summary>SMILES of the molecule that the calculation began with (from GDB-17); empty for a plain record.</summary>
    public string GdbSmiles { get; init; } = "";

    /// <summary>SMILES of the relaxed geometry, which the coordinates belong to; empty for a plain record.</summary>
    public string Smiles { get; init; } = "";

    /// <summary>The record as a molecule of QM9.</summary>
    /// <exception cref="MoleculeException">It is a plain record.</exception>
    public Qm9Sample ToSample() => Properties is { } properties
        ? new Qm9Sample(Id, Molecule, properties, Smiles)
        : throw Molecule.Error("the record is no QM9 record: its second line has no properties");
}
