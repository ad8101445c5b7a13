namespace GpuNets.Training;

/// <summary>
/// Reads MOL and SDF files in the V2000 format: atoms with charges, isotopes, radicals and valences, bonds of the four kinds, <c>M  CHG</c>, <c>M  ISO</c>
/// and <c>M  RAD</c>, any number of records, data items. Hydrogens that a record does not list fill up the valences. Coordinates count as a geometry
/// unless the record says that it is a drawing (2D) or all atoms lie in one place. V3000, query atoms and query bonds are refused.
/// </summary>
public static class SdfReader
{
    /// <summary>Reads a file, plain or gzipped.</summary>
    /// <param name="path">The file.</param>
    /// <param name="standardize">True to give molecules as <see cref="Molecule.Standardize"/> writes them, false to keep them as written.</param>
    /// <exception cref="MoleculeException">A record is malformed or its molecule makes no sense; the message names the line.</exception>
    /// <exception cref="DataFileException">Damaged gzip or UTF-8.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<SdfRecord> Read(string path, bool standardize = true) => Read(new MoleculeLines(path, TextFile.ReadLines(path)), standardize);

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <param name="standardize">True to give molecules as <see cref="Molecule.Standardize"/> writes them, false to keep them as written.</param>
    /// <exception cref="MoleculeException">A record is malformed or its molecule makes no sense; the message names the line.</exception>
    public static IReadOnlyList<SdfRecord> Parse(string text, string source = "SDF", bool standardize = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(MoleculeLines.Of(text, source), standardize);
    }

    private static List<SdfRecord> Read(MoleculeLines lines, bool standardize)
    {
        var records = new List<SdfRecord>();
        while (HasRecord(lines, first: records.Count == 0)) records.Add(ReadRecord(lines, standardize));
        return records;
    }

    // Empty lines after the last record are none; before a record they may be its title.
    private static bool HasRecord(MoleculeLines lines, bool first)
    {
        if (lines.Ended) return first ? throw lines.ErrorAt(1, "the file is empty, expected a molecule") : false;
        return first || !lines.OnlyEmptyLeft;
    }

    private static SdfRecord ReadRecord(MoleculeLines lines, bool standardize)
    {
        int start = lines.At + 1;
        var block = new MolBlock(lines);
        var data = ReadData(lines);
        try
        {
            var molecule = block.Build();
            molecule.CheckValences();
            return new SdfRecord(standardize ? molecule.Standardize() : molecule, data, start);
        }
        catch (MoleculeException e) when (e.Line is null)
        {
            throw lines.ErrorAt(start, $"record '{MoleculeLines.Short(block.Title)}': {e.Problem}", e);
        }
    }

    private static Dictionary<string, string> ReadData(MoleculeLines lines)
    {
        var data = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!lines.Ended)
        {
            string line = lines.Take("a data item");
            if (line.StartsWith("$$$$", StringComparison.Ordinal)) return data;
            if (string.IsNullOrWhiteSpace(line)) continue;
            if (line[0] != '>') throw lines.Error($"'{MoleculeLines.Short(line)}' is neither a data item (> <name>) nor the end of the record ($$$$)");
            int open = line.IndexOf('<', StringComparison.Ordinal), close = line.LastIndexOf('>');
            string name = open >= 0 && close > open ? line[(open + 1)..close] : line[1..].Trim();
            var values = new List<string>();
            while (!lines.Ended && !string.IsNullOrWhiteSpace(lines.Peek) && !lines.Peek.StartsWith("$$$$", StringComparison.Ordinal))
                values.Add(lines.Take("a value"));
            data[name] = string.Join('\n', values);
        }
        return data;
    }
}
