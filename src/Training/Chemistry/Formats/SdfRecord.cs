namespace GpuNets.Training;

/// <summary>A record of an SDF file.</summary>
/// <param name="Molecule">The molecule; its name is the title line.</param>
/// <param name="Data">Data items by name; the last of the same name counts.</param>
/// <param name="Line">The line of the file where the record begins.</param>
public sealed record SdfRecord(Molecule Molecule, IReadOnlyDictionary<string, string> Data, int Line);
