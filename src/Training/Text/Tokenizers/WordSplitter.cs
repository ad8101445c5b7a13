using System.Text;
using System.Text.RegularExpressions;

namespace GpuNets.Training;

/// <summary>
/// Takes raw text apart into words and punctuation by the rules of the Moses tokenizer (Koehn et al. 2007) and puts words together again by
/// those of its detokenizer. English, German and French have rules of their own for apostrophes and abbreviations; other languages get the
/// general ones. Unlike Moses it leaves text that was split before as it is (but for rare apostrophes) and writes no escapes.
/// </summary>
public sealed partial class WordSplitter
{
    private static readonly (string Escape, string Text)[] _escapes =
    [
        ("&#124;", "|"), ("&lt;", "<"), ("&gt;", ">"), ("&apos;", "'"), ("&quot;", "\""), ("&#91;", "["), ("&#93;", "]"), ("&amp;", "&"),
    ];

    private static readonly (string Mark, string Text)[] _punctuation =
    [
        ("„", "\""), ("“", "\""), ("”", "\""), ("‟", "\""), ("«", "\""), ("»", "\""), ("‘", "'"), ("’", "'"), ("‚", "'"), ("‛", "'"), ("´", "'"), ("''", "\""),
        ("–", "-"), ("—", " - "), ("…", "..."), ("\u00a0", " "), ("\u202f", " "), ("\u200b", ""), ("\ufeff", ""),
    ];

    /// <summary>Rules for a language.</summary>
    /// <param name="language">A code such as <c>en</c>, <c>de</c> or <c>fr</c>.</param>
    public WordSplitter(string language)
    {
        ArgumentException.ThrowIfNullOrEmpty(language);
        Language = language;
    }

    /// <summary>The code of the language.</summary>
    public string Language { get; }

    /// <summary>Puts characters in the place of the escapes that the Moses tools write.</summary>
    public static string Unescape(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        if (!line.Contains('&', StringComparison.Ordinal)) return line;
        foreach (var (escape, text) in _escapes) line = line.Replace(escape, text, StringComparison.Ordinal);
        return line;
    }

    /// <summary>
    /// Writes quotation marks, apostrophes, dashes, dots and spaces in ASCII, as text was normalised for most published experiments. Moses
    /// makes a quotation mark of the typographic apostrophe; here it stays an apostrophe.
    /// </summary>
    public static string NormalizePunctuation(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        foreach (var (mark, text) in _punctuation) line = line.Replace(mark, text, StringComparison.Ordinal);
        return line;
    }

    /// <summary>The words and marks of a line; an empty line gives none.</summary>
    public string[] Split(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        string text = ' ' + string.Join(' ', WhiteSpace.Split(Control().Replace(line, " "))) + ' ';
        text = Symbols().Replace(text, " $1 ");
        text = Dots().Replace(text, " $1 ");
        text = CommaAfterText().Replace(text, " , ");
        text = CommaBeforeText().Replace(text, " , ");
        string[] words = WhiteSpace.Split(Apostrophes(text));
        List<string> split = [];
        for (int i = 0; i < words.Length; i++)
        {
            if (EndsSentence(words, i))
            {
                split.Add(words[i][..^1]);
                split.Add(".");
            }
            else split.Add(words[i]);
        }
        return [.. split];
    }

    /// <summary>Text as people write it: marks stand at the words they belong to.</summary>
    public string Join(IReadOnlyList<string> words)
    {
        ArgumentNullException.ThrowIfNull(words);
        var text = new StringBuilder();
        bool glue = true;   // whether the next word follows without a space
        Dictionary<string, int> quotes = [];
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i];
            bool left, right = false;   // whether it stands at the word before, and the word after stands at it
            if (word == "@-@") (word, left, right) = ("-", true, true);
            else if (Closing().IsMatch(word)) left = !(Language == "fr" && word is "?" or "!" or ":" or ";" or "%");
            else if (Opening().IsMatch(word)) (left, right) = (false, true);
            else if (word is "\"" or "'" or "`") (left, right) = Quote(words, i, quotes);
            else if (Language == "fr" && Elided().IsMatch(word)) (left, right) = (false, i + 1 < words.Count && words[i + 1] is [var next, ..] && char.IsLetter(next));
            else left = Language == "en" && i > 0 && Clitic().IsMatch(word);
            if (!left && !glue) text.Append(' ');
            text.Append(word);
            glue = right;
        }
        return text.ToString();
    }

    private (bool Left, bool Right) Quote(IReadOnlyList<string> words, int i, Dictionary<string, int> quotes)
    {
        // The boys' ball: no quotation opens here.
        if (Language == "en" && words[i] == "'" && i > 0 && quotes.GetValueOrDefault("'") % 2 == 0 && words[i - 1].EndsWith('s')) return (true, false);
        bool opens = (quotes[words[i]] = quotes.GetValueOrDefault(words[i]) + 1) % 2 == 1;
        return (!opens, opens);
    }

    private string Apostrophes(string text) => Language switch
    {
        "en" => English().Replace(text, match => match.Groups["clitic"].Success
            ? $" {match.Groups["clitic"].Value}"
            : match.Groups["kept"].Success ? match.Value : " ' "),
        "fr" => French().Replace(text, match => match.Groups["elided"].Success
            ? $"{match.Groups["elided"].Value} "
            : match.Groups["kept"].Success ? match.Value : " ' "),
        _ => text.Replace("'", " ' ", StringComparison.Ordinal),
    };

    /// <summary>Whether a full stop at the end of a word is a mark of its own.</summary>
    private bool EndsSentence(string[] words, int i)
    {
        string word = words[i];
        if (word.Length < 2 || word[^1] != '.' || word[^2] == '.') return false;
        if (i == words.Length - 1) return true;
        string stem = word[..^1];
        bool number = char.IsDigit(words[i + 1][0]);
        return !(stem.Contains('.', StringComparison.Ordinal) && stem.Any(char.IsLetter))
            && !Abbreviations.Contains(Language, stem, beforeNumber: number)
            && !char.IsLower(words[i + 1][0]);
    }

    [GeneratedRegex(@"[\u0000-\u001f]")]
    private static partial Regex Control();

    // A pair of surrogates is one symbol.
    [GeneratedRegex(@"([\uD800-\uDBFF][\uDC00-\uDFFF]|[^\p{L}\p{M}\p{N}\p{Cs}\s.'`,\-])")]
    private static partial Regex Symbols();

    [GeneratedRegex(@"(\.{2,})")]
    private static partial Regex Dots();

    [GeneratedRegex(@"(?<=\P{N}),")]
    private static partial Regex CommaAfterText();

    [GeneratedRegex(@",(?=\P{N})")]
    private static partial Regex CommaBeforeText();

    // An apostrophe between letters, or between a number and s, begins a word of its own; one that begins a clitic after a space stays.
    [GeneratedRegex(@"(?<clitic>(?<=\p{L})'(?=\p{L})|(?<=\p{N})'(?=s))|(?<kept>(?<=\s)'(?=(?:s|m|d|t|re|ve|ll)\s))|'", RegexOptions.IgnoreCase)]
    private static partial Regex English();

    // The same the other way round: the word before keeps it, also where a space follows already.
    [GeneratedRegex(@"(?<elided>(?<=\p{L})'(?=\p{L}))|(?<kept>(?<=\s(?:[cdjlmnqst]|\p{L}*qu|aujourd|entr))'(?=\s)|(?<=\p{L})'(?=\ss\s))|'", RegexOptions.IgnoreCase)]
    private static partial Regex French();

    [GeneratedRegex(@"^(?:[,.?!:;\\%}\])]|\.{2,})$")]
    private static partial Regex Closing();

    [GeneratedRegex(@"^[(\[{¿¡$£€]$")]
    private static partial Regex Opening();

    [GeneratedRegex(@"\p{L}'$")]
    private static partial Regex Elided();

    [GeneratedRegex(@"^'\p{L}")]
    private static partial Regex Clitic();
}
