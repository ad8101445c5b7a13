using System.Text;

namespace GpuNets.Training;

/// <summary>Lines into words and back, as options say.</summary>
internal sealed class TextRules(TextOptions options)
{
    private readonly WordSplitter? _splitter = options.Language is { } language ? new WordSplitter(language) : null;

    public TextOptions Options { get; } = options;

    public string[] Words(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        line = WellFormed(line);
        if (Options.Unescape) line = WordSplitter.Unescape(line);
        if (Options.NormalizePunctuation) line = WordSplitter.NormalizePunctuation(line);
        if (Options.LowerCase) line = line.ToLowerInvariant();
        return _splitter?.Split(line) ?? WhiteSpace.Split(line);
    }

    public string Line(IReadOnlyList<string> words) => _splitter?.Join(words) ?? string.Join(' ', words);

    /// <summary>How often each word occurs, in the order of first occurrence.</summary>
    public OrderedDictionary<string, long> Count(IEnumerable<string> lines)
    {
        var counts = new OrderedDictionary<string, long>(StringComparer.Ordinal);
        foreach (string line in lines)
            foreach (string word in Words(line)) counts[word] = counts.GetValueOrDefault(word) + 1;
        return counts;
    }

    // Half of a surrogate pair is no character and cannot be written to a file.
    private static string WellFormed(string line)
    {
        if (!line.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return line;
        var text = new StringBuilder(line.Length);
        foreach (var rune in line.EnumerateRunes()) text.Append(rune.ToString());
        return text.ToString();
    }
}
