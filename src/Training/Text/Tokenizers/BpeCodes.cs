using System.Text;

namespace GpuNets.Training;

/// <summary>Files of merges and vocabularies that public tools write.</summary>
internal static class BpeCodes
{
    private const string Version = "#version: 0.2";

    public static List<BpeMerge> Read(string path)
    {
        var lines = TextFile.ReadLines(path);
        // Files of fastBPE have no version and a count after the pair; their end of a word is that of 0.2.
        bool versioned = lines.Count > 0 && lines[0].StartsWith("#version", StringComparison.Ordinal);
        if (versioned && lines[0].Trim() != Version) throw new DataFileException(path, "line 1", $"merges of \"{lines[0].Trim()}\"; \"{Version}\" is read");
        List<BpeMerge> merges = [];
        for (int i = versioned ? 1 : 0; i < lines.Count; i++)
        {
            string[] parts = lines[i].Trim(' ').Split(' ');
            bool counted = !versioned && parts.Length == 3 && long.TryParse(parts[2], out _);
            if ((parts.Length != 2 && !counted) || parts[0].Length == 0 || parts[1].Length == 0)
                throw new DataFileException(path, $"line {i + 1}", $"\"{lines[i]}\" is no merge, expected two symbols{(versioned ? "" : " and a count, or a first line \"" + Version + "\"")}");
            if (!versioned && !counted) throw new DataFileException(path, "line 1", $"merges without a version; expected \"{Version}\"");
            var merge = new BpeMerge(BpeSymbol.FromCode(parts[0]), BpeSymbol.FromCode(parts[1]));
            try
            {
                _ = merge.Result;
            }
            catch (ArgumentException e)
            {
                throw new DataFileException(path, $"line {i + 1}", e.Message, e);
            }
            merges.Add(merge);
        }
        return merges;
    }

    public static void Write(string path, IEnumerable<BpeMerge> merges)
    {
        var text = new StringBuilder(Version).Append('\n');
        foreach (var merge in merges) text.Append(merge.Left.Code).Append(' ').Append(merge.Right.Code).Append('\n');
        AtomicFile.WriteText(path, text.ToString());
    }

    public static List<string> ReadVocabulary(string path)
    {
        var lines = TextFile.ReadLines(path);
        List<string> tokens = [];
        for (int i = 0; i < lines.Count; i++)
        {
            string[] parts = lines[i].Split(' ');
            if (parts[0].Length == 0 || parts.Length > 2 || (parts.Length == 2 && !long.TryParse(parts[1], out _)))
                throw new DataFileException(path, $"line {i + 1}", $"\"{lines[i]}\" is no entry of a vocabulary, expected a token, alone or before a count");
            tokens.Add(parts[0]);
        }
        return tokens;
    }
}
