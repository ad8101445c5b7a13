namespace GpuNets.Training;

/// <summary>A vocabulary of whole words; what it lacks is unknown.</summary>
public sealed class WordTokenizer : ITokenizer
{
    internal const string Kind = "words";

    private readonly TextRules _rules;

    /// <summary>A tokenizer of a given vocabulary.</summary>
    /// <param name="words">The words, from id 4 on in their order.</param>
    /// <param name="text">How lines become words; null for words between white space.</param>
    /// <exception cref="ArgumentException">A word is empty, holds white space, or comes twice.</exception>
    public WordTokenizer(IEnumerable<string> words, TextOptions? text = null)
    {
        _rules = new TextRules(text ?? new TextOptions());
        Vocabulary = new Vocabulary(words);
        Fingerprint = TokenizerFile.Fingerprint(Record());
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public TextOptions Text => _rules.Options;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>Takes the words of a corpus, the most frequent first and words of the same frequency by code point.</summary>
    /// <param name="lines">The lines of the corpus.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">No word occurs often enough.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static WordTokenizer Learn(IEnumerable<string> lines, WordTokenizerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        options ??= new WordTokenizerOptions();
        options.Validate();
        var counts = new TextRules(options.Text).Count(lines);
        string[] words = [.. counts.Where(pair => pair.Value >= options.MinimumFrequency)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, CodePointOrder.Instance)
            .Take(options.MaximumSize - Vocabulary.SpecialCount).Select(pair => pair.Key)];
        return words.Length > 0
            ? new WordTokenizer(words, options.Text)
            : throw new ArgumentException($"WordTokenizer: of {counts.Count} different words none occurs {options.MinimumFrequency} times.", nameof(lines));
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFileException">The file is damaged or holds a tokenizer of another kind.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static WordTokenizer Load(string path) => TokenizerFile.Load<WordTokenizer>(path);

    /// <inheritdoc/>
    public int[] Encode(string line) => [.. _rules.Words(line).Select(Vocabulary.IdOf)];

    /// <inheritdoc/>
    public string Decode(params ReadOnlySpan<int> ids) => _rules.Line(Vocabulary.Words(ids));

    /// <inheritdoc/>
    public void Save(string path) => TokenizerFile.Save(path, Record());

    /// <inheritdoc/>
    public override string ToString() => $"WordTokenizer, {Vocabulary.Count} ids";

    private TokenizerRecord Record() => new() { Kind = Kind, Text = Text, Tokens = [.. Vocabulary.Tokens.Skip(Vocabulary.SpecialCount)] };
}
