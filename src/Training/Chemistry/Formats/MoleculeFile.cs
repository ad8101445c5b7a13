namespace GpuNets.Training;

/// <summary>Reads molecules from a file of any of the formats.</summary>
public static class MoleculeFile
{
    /// <summary>Extensions that <see cref="Read"/> knows; each may have <c>.gz</c> after it.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".smi", ".smiles", ".sdf", ".mol", ".xyz"];

    /// <summary>Reads all molecules of a file; its extension names the format.</summary>
    /// <param name="path">A file of SMILES, SDF, MOL or xyz.</param>
    /// <exception cref="ArgumentException">The extension is none of <see cref="Extensions"/>.</exception>
    /// <exception cref="MoleculeException">The file is malformed; the message names the line.</exception>
    /// <exception cref="DataFileException">Damaged gzip or UTF-8.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<Molecule> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Path.GetExtension(plain).ToLowerInvariant() switch
        {
            ".smi" or ".smiles" => SmilesReader.Read(path),
            ".sdf" or ".mol" => [.. SdfReader.Read(path).Select(record => record.Molecule)],
            ".xyz" => [.. XyzReader.Read(path).Select(record => record.Molecule)],
            var other => throw new ArgumentException(
                $"MoleculeFile: the extension of {path} is '{other}', expected one of {string.Join(", ", Extensions)}.", nameof(path)),
        };
    }
}
