using System.Buffers;

namespace GpuNets.Training;

/// <summary>How the Penn Treebank writes words that would be taken for brackets, and slashes and stars.</summary>
internal static class BracketText
{
    private static readonly (string Written, string Meant)[] _brackets =
        [("-LRB-", "("), ("-RRB-", ")"), ("-LCB-", "{"), ("-RCB-", "}"), ("-LSB-", "["), ("-RSB-", "]")];

    private static readonly SearchValues<char> _meant = SearchValues.Create("(){}[]");

    /// <summary>A word as a file has it.</summary>
    public static string Escape(string word)
    {
        if (!word.AsSpan().ContainsAny(_meant)) return word;
        foreach (var (written, meant) in _brackets) word = word.Replace(meant, written, StringComparison.Ordinal);
        return word;
    }

    /// <summary>The word that a file means.</summary>
    public static string Unescape(string word)
    {
        if (word.Contains('-', StringComparison.Ordinal))
            foreach (var (written, meant) in _brackets) word = word.Replace(written, meant, StringComparison.Ordinal);
        return word.Contains('\\', StringComparison.Ordinal)
            ? word.Replace(@"\/", "/", StringComparison.Ordinal).Replace(@"\*", "*", StringComparison.Ordinal)
            : word;
    }

    /// <summary>A label without functions and indices: NP of NP-SBJ-1 and NP=2; labels that begin with a dash, such as -LRB-, stay.</summary>
    public static string WithoutFunctions(string label)
    {
        int end = label.AsSpan().IndexOfAny('-', '=');
        return end > 0 ? label[..end] : label;
    }
}
