using System.Collections.Immutable;
using System.Numerics;

namespace GpuNets.Training;

/// <summary>
/// Reads xyz files: plain ones, and QM9's with properties, partial charges, frequencies and SMILES; any number of records. Numbers may have exponents as
/// <c>1.2*^-6</c>. The format has no bonds: see <see cref="XyzBonds"/> for where they come from.
/// </summary>
public static class XyzReader
{
    /// <summary>Reads a file, plain or gzipped.</summary>
    /// <exception cref="MoleculeException">A record is malformed, or its bonds cannot be told; the message names the line.</exception>
    /// <exception cref="DataFileException">Damaged gzip or UTF-8.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlyList<XyzRecord> Read(string path) => Read(new MoleculeLines(path, TextFile.ReadLines(path)));

    /// <summary>Reads the text of a file.</summary>
    /// <param name="text">The text.</param>
    /// <param name="source">What it is called in messages.</param>
    /// <exception cref="MoleculeException">A record is malformed, or its bonds cannot be told; the message names the line.</exception>
    public static IReadOnlyList<XyzRecord> Parse(string text, string source = "xyz")
    {
        ArgumentNullException.ThrowIfNull(text);
        return Read(MoleculeLines.Of(text, source));
    }

    /// <summary>Reads the raw files of a folder (<c>dsgdb9nsd_000001.xyz</c> and on), in the order of their names.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="without">Numbers in QM9 of molecules to pass over, for instance those of <see cref="Qm9Exclusions"/>; null for none.</param>
    /// <param name="refused">Takes the errors of files that cannot be read, and reading goes on; null to end with the first.</param>
    /// <exception cref="MoleculeException">A file is malformed, or is no QM9 record.</exception>
    /// <exception cref="DataFileException">The folder has no xyz file, or a file is no valid UTF-8.</exception>
    /// <exception cref="IOException">The folder is not there or a file cannot be read.</exception>
    public static IReadOnlyList<Qm9Sample> ReadQm9Folder(string folder, IReadOnlySet<int>? without = null, ICollection<MoleculeException>? refused = null)
    {
        string[] files = [.. Directory.GetFiles(folder, "*.xyz").Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new DataFileException(folder, null, "no xyz files");
        var samples = new List<Qm9Sample>();
        foreach (string file in files)
        {
            string digits = Path.GetFileNameWithoutExtension(file).Split('_')[^1];
            if (without is not null && int.TryParse(digits, out int id) && without.Contains(id)) continue;
            try
            {
                samples.AddRange(ReadQm9(file));
            }
            catch (MoleculeException e) when (refused is not null)
            {
                refused.Add(e);
            }
        }
        return samples;
    }

    private static IEnumerable<Qm9Sample> ReadQm9(string file)
    {
        var records = Read(file);
        return records.Any(record => record.Properties is null)
            ? throw new MoleculeException(file, 2, "no QM9 record: 'gdb', a number and 15 properties are missing")
            : records.Select(record => record.ToSample());
    }

    private static List<XyzRecord> Read(MoleculeLines lines)
    {
        var records = new List<XyzRecord>();
        lines.SkipEmpty();
        if (lines.Ended) throw lines.ErrorAt(1, "the file is empty, expected a number of atoms");
        while (!lines.Ended)
        {
            records.Add(ReadRecord(lines));
            lines.SkipEmpty();
        }
        return records;
    }

    private static XyzRecord ReadRecord(MoleculeLines lines)
    {
        int count = lines.Integer(lines.Take("a number of atoms"), "the number of atoms"), start = lines.At;
        if (count < 1) throw lines.Error($"the number of atoms is {count}, expected at least 1");
        string comment = lines.Take("the second line of a record");
        string[] words = Words(comment);
        bool isQm9 = words.Length > 0 && words[0] == "gdb";
        var (id, properties) = isQm9 ? ReadProperties(lines, words) : (0, null);
        var atoms = new List<Atom>();
        for (int i = 0; i < count; i++) atoms.Add(ReadAtom(lines, lines.Take($"atom {i + 1} of {count}"), isQm9));
        double[] frequencies = isQm9 ? ReadFrequencies(lines, count) : [];
        string[] smiles = isQm9 ? ReadSmiles(lines) : ["", ""];
        if (isQm9) lines.Take("the line of InChIs");
        try
        {
            var skeleton = new Molecule([.. atoms], [], isQm9 ? $"gdb {id}" : comment.Trim());
            var (molecule, bonds) = BondPerception.Of(skeleton, smiles[1], smiles[0]);
            return new XyzRecord(molecule, bonds)
            {
                Id = id,
                Properties = isQm9 ? new Qm9Properties(properties!.Value, frequencies.Length == 0 ? double.NaN : frequencies.Max()) : null,
                Frequencies = [.. frequencies],
                GdbSmiles = smiles[0],
                Smiles = smiles[1],
            };
        }
        catch (MoleculeException e) when (e.Line is null)
        {
            throw lines.ErrorAt(start, e.Problem, e);
        }
    }

    private static (int Id, ImmutableArray<double>? Values) ReadProperties(MoleculeLines lines, string[] words)
    {
        if (words.Length != 2 + Qm9Properties.Count)
            throw lines.Error($"'gdb' is followed by {words.Length - 1} numbers, expected the molecule's number and {Qm9Properties.Count} properties");
        int id = lines.Integer(words[1], "the molecule's number");
        var values = ImmutableArray.CreateBuilder<double>(Qm9Properties.Count);
        for (int i = 2; i < words.Length; i++) values.Add(lines.Number(words[i], $"property {i - 1}"));
        return (id, values.MoveToImmutable());
    }

    private static Atom ReadAtom(MoleculeLines lines, string line, bool hasCharge)
    {
        string[] words = Words(line);
        if (words.Length < 4) throw lines.Error($"'{MoleculeLines.Short(line)}' is no atom, expected an element and x, y, z");
        var element = char.IsAsciiDigit(words[0][0]) ? ByNumber(lines, words[0]) : lines.ElementOf(words[0]);
        Span<double> at = stackalloc double[3];
        for (int k = 0; k < 3; k++)
        {
            at[k] = lines.Number(words[k + 1], "xyz".Substring(k, 1));
            if (Math.Abs(at[k]) > Molecule.FarthestCoordinate)
                throw lines.Error($"{"xyz"[k]} is {at[k]}, expected coordinates within {Molecule.FarthestCoordinate} Angstrom");
        }
        // Columns further on are forces, velocities or anything in plain files.
        float? charge = null;
        if (hasCharge)
        {
            charge = (float)lines.Number(words.Length > 4 ? words[4] : "", "the partial charge");
            if (!float.IsFinite(charge.Value)) throw lines.Error($"the partial charge is {words[4]}, which is beyond single precision");
        }
        return new Atom(element) { Position = new Vector3((float)at[0], (float)at[1], (float)at[2]), PartialCharge = charge };
    }

    private static Element ByNumber(MoleculeLines lines, string word)
    {
        int number = lines.Integer(word, "the atomic number");
        return number >= 1 && number <= Element.All.Count
            ? Element.Of(number)
            : throw lines.Error($"unknown element {number}, atomic numbers go from 1 to {Element.All.Count}");
    }

    private static double[] ReadFrequencies(MoleculeLines lines, int atoms)
    {
        string[] words = Words(lines.Take("the line of frequencies"));
        // 3n - 6, and 3n - 5 for a linear molecule.
        int most = Math.Max(0, 3 * atoms - 5), least = Math.Max(0, 3 * atoms - 6);
        if (words.Length < least || words.Length > most)
            throw lines.Error($"{words.Length} frequencies for {atoms} atoms, expected {least}{(most > least ? $" or {most}" : "")}");
        return [.. words.Select((word, i) => lines.Number(word, $"frequency {i + 1}"))];
    }

    private static string[] ReadSmiles(MoleculeLines lines)
    {
        string[] words = Words(lines.Take("the line of SMILES"));
        return words.Length == 2 ? words : throw lines.Error($"{words.Length} words, expected the SMILES of the start and of the relaxed geometry");
    }

    private static string[] Words(string line) => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
