namespace GpuNets.Training;

/// <summary>
/// Reads SMILES (OpenSMILES): the organic subset with implicit hydrogens, bracket atoms with isotope, hydrogens, charge and class, aromatic atoms, branches,
/// ring closures up to <c>%99</c>, parts joined by a dot. Stereo marks (<c>@</c>, <c>/</c>, <c>\</c>) are read and ignored. Wildcards, quadruple bonds and
/// reactions are refused.
/// </summary>
public static class SmilesReader
{
    /// <summary>Reads one SMILES.</summary>
    /// <param name="smiles">The text; what follows white space is the molecule's name.</param>
    /// <param name="source">What it is called in messages, for instance a file.</param>
    /// <param name="line">Its line there; null for none.</param>
    /// <param name="standardize">True to give the molecule as <see cref="Molecule.Standardize"/> writes it, false to keep it as written.</param>
    /// <exception cref="MoleculeException">The text is no SMILES, or its molecule has a wrong valence; the message names the position.</exception>
    public static Molecule Parse(string smiles, string source = "SMILES", int? line = null, bool standardize = true)
    {
        ArgumentNullException.ThrowIfNull(smiles);
        var (text, name) = Words(smiles);
        try
        {
            var molecule = new SmilesText(text).Read(name);
            // Bonds need their orders anyway, and this is where wrong valences show.
            molecule.CheckValences();
            return standardize ? molecule.Standardize() : molecule;
        }
        catch (MoleculeException e)
        {
            throw new MoleculeException(source, line, $"{e.Problem} in '{Short(text)}'", e);
        }
    }

    /// <summary>Reads a file, plain or gzipped, of one SMILES a line, each with an optional name after it.</summary>
    /// <remarks>Empty lines and lines that begin with # are passed over.</remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="MoleculeException">A line is no SMILES; the message names the line.</exception>
    /// <exception cref="DataFileException">Damaged gzip or UTF-8.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<Molecule> Read(string path)
    {
        var lines = TextFile.ReadLines(path);
        var molecules = new List<Molecule>();
        for (int i = 0; i < lines.Count; i++)
        {
            if (lines[i].AsSpan().Trim() is [] or ['#', ..]) continue;
            molecules.Add(Parse(lines[i], path, i + 1));
        }
        return molecules;
    }

    /// <summary>Reads one SMILES; null if its molecule has a wrong valence, as some of those that Open Babel wrote into QM9 have.</summary>
    /// <exception cref="MoleculeException">The text is no SMILES.</exception>
    internal static Molecule? ParseIfValid(string smiles)
    {
        var (text, name) = Words(smiles);
        Molecule molecule;
        try
        {
            molecule = new SmilesText(text).Read(name);
        }
        catch (MoleculeException e)
        {
            throw new MoleculeException(null, null, $"{e.Problem} in '{Short(text)}'", e);
        }
        try
        {
            return molecule.Standardize();
        }
        catch (MoleculeException)
        {
            return null;
        }
    }

    private static (string Text, string Name) Words(string smiles)
    {
        string text = smiles.Trim();
        int end = text.AsSpan().IndexOfAny(" \t");
        return end < 0 ? (text, "") : (text[..end], text[end..].Trim());
    }

    private static string Short(string text) => text.Length <= 80 ? text : text[..77] + "...";
}
