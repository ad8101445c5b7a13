using System.Globalization;

namespace GpuNets.Training;

/// <summary>
/// Molecules of QM9 that are left out: the 3,054 whose geometry relaxed to another molecule (file uncharacterized.txt). The 369 more that the paper
/// leaves out (after Faber et al.) are not published as a list.
/// </summary>
public static class Qm9Exclusions
{
    /// <summary>Reads the official list, plain or gzipped: lines that begin with a molecule's number, between rules of <c>=</c>.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Numbers in QM9.</returns>
    /// <exception cref="DataFileException">A line in the table begins with no number, or the table is missing.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static IReadOnlySet<int> Read(string path)
    {
        var lines = TextFile.ReadLines(path);
        var ids = new HashSet<int>();
        int rules = 0;
        for (int i = 0; i < lines.Count && rules < 3; i++)
        {
            string line = lines[i].Trim();
            if (line.StartsWith("====", StringComparison.Ordinal)) rules++;
            else if (rules == 2 && line.Length > 0)
            {
                string first = line.Split((char[]?)null, 2)[0];
                if (!int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id < 1)
                    throw new DataFileException(path, $"line {i + 1}", $"begins with '{first}', expected the number of a molecule");
                ids.Add(id);
            }
        }
        return rules == 3 ? ids : throw new DataFileException(path, null, $"{rules} rules of '=', expected 3 around the head and the table");
    }
}
