using System.Collections.Concurrent;
using System.Text;

namespace GpuNets.Training;

/// <summary>
/// Byte-pair encoding with an end-of-word mark (Sennrich et al. 2016, "Neural machine translation of rare words with subword units"): frequent
/// words are one token, rare ones several, of which all but the last end with <c>@@</c> in the vocabulary. Characters that the corpus
/// lacked are unknown. For a joint vocabulary learn from the lines of both languages together and use the tokenizer for both. A word of more
/// than 512 characters is taken apart in stretches of that length.
/// </summary>
public sealed class BpeTokenizer : ITokenizer
{
    internal const string Kind = "bpe";

    private const int CacheSize = 1 << 16;

    private readonly TextRules _rules;
    private readonly BpeMerge[] _merges;
    private readonly BpeSegmenter _segmenter;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);

    internal BpeTokenizer(IReadOnlyList<BpeMerge> merges, IEnumerable<string> tokens, TextOptions text)
    {
        _rules = new TextRules(text);
        _merges = [.. merges];
        Vocabulary = new Vocabulary(tokens);
        _segmenter = new BpeSegmenter(_merges, Vocabulary);
        Fingerprint = TokenizerFile.Fingerprint(Record());
    }

    /// <inheritdoc/>
    public Vocabulary Vocabulary { get; }

    /// <inheritdoc/>
    public TextOptions Text => _rules.Options;

    /// <inheritdoc/>
    public string Fingerprint { get; }

    /// <summary>Number of merges.</summary>
    public int Merges => _merges.Length;

    /// <summary>Learns merges from a corpus until the vocabulary is full or no pair is frequent enough.</summary>
    /// <param name="lines">The lines of the corpus; of both languages for a joint vocabulary.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <exception cref="ArgumentException">The corpus has no words, or the vocabulary is too small for its characters.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static BpeTokenizer Learn(IEnumerable<string> lines, BpeOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(lines);
        options ??= new BpeOptions();
        options.Validate();
        var learner = new BpeLearner(new TextRules(options.Text).Count(lines), options.MinimumCharacterFrequency);
        if (learner.Characters.Count == 0) throw new ArgumentException("BpeTokenizer: the corpus has no words.", nameof(lines));
        var tokens = new OrderedDictionary<string, bool>(StringComparer.Ordinal);
        foreach (string character in learner.Characters) tokens.Add(new BpeSymbol(character, false).Token, true);
        foreach (string character in learner.Characters) tokens.Add(new BpeSymbol(character, true).Token, true);
        int room = options.VocabularySize - Vocabulary.SpecialCount;
        if (tokens.Count > room)
        {
            throw new ArgumentException(
                $"BpeTokenizer: {learner.Characters.Count} characters, inside words and at their end, do not fit {options.VocabularySize} ids; "
                + $"raise {nameof(options.VocabularySize)} or {nameof(options.MinimumCharacterFrequency)}.", nameof(options));
        }
        List<BpeMerge> merges = [];
        while (tokens.Count < room && learner.Next(options.MinimumFrequency) is { } merge)
        {
            merges.Add(merge);
            tokens.TryAdd(merge.Result.Token, true);
        }
        return new BpeTokenizer(merges, tokens.Keys, options.Text);
    }

    /// <summary>
    /// Reads a file of merges as subword-nmt and fastBPE write them, and a vocabulary of a token a line, alone or before a count; ids follow
    /// the lines from 4 on. Tokens that merging gives but the vocabulary lacks are taken apart again.
    /// </summary>
    /// <param name="codesPath">Merges by rank, <c>left right</c> a line, with <c>&lt;/w&gt;</c> where a word ends; format 0.2.</param>
    /// <param name="vocabularyPath">Tokens, with <c>@@</c> where a word goes on.</param>
    /// <param name="text">How lines become words; null for words between white space.</param>
    /// <exception cref="DataFileException">A file is damaged or of another format.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static BpeTokenizer Import(string codesPath, string vocabularyPath, TextOptions? text = null)
    {
        var merges = BpeCodes.Read(codesPath);
        var tokens = BpeCodes.ReadVocabulary(vocabularyPath);
        try
        {
            return new BpeTokenizer(merges, tokens, text ?? new TextOptions());
        }
        catch (ArgumentException e)
        {
            throw new DataFileException(vocabularyPath, null, e.Message, e);
        }
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="DataFileException">The file is damaged or holds a tokenizer of another kind.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static BpeTokenizer Load(string path) => TokenizerFile.Load<BpeTokenizer>(path);

    /// <inheritdoc/>
    public int[] Encode(string line)
    {
        List<int> ids = [];
        foreach (string word in _rules.Words(line)) ids.AddRange(EncodeWord(word));
        return [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(params ReadOnlySpan<int> ids)
    {
        List<string> words = [];
        var word = new StringBuilder();
        foreach (int id in ids)
        {
            if (id == Vocabulary.Eos) break;
            string token = Vocabulary[id];
            if (id is Vocabulary.Pad or Vocabulary.Bos) continue;
            var symbol = BpeSymbol.FromToken(token);
            word.Append(symbol.Text);
            if (!symbol.Ends) continue;
            words.Add(word.ToString());
            word.Clear();
        }
        if (word.Length > 0) words.Add(word.ToString());
        return _rules.Line(words);
    }

    /// <inheritdoc/>
    public void Save(string path) => TokenizerFile.Save(path, Record());

    /// <summary>Writes merges and vocabulary as <see cref="Import"/> and the public tools read them; every count is 1, as they are not kept.</summary>
    /// <exception cref="IOException">A file cannot be written.</exception>
    public void Export(string codesPath, string vocabularyPath)
    {
        BpeCodes.Write(codesPath, _merges);
        AtomicFile.WriteText(vocabularyPath, string.Concat(Vocabulary.Tokens.Skip(Vocabulary.SpecialCount).Select(token => $"{token} 1\n")));
    }

    /// <inheritdoc/>
    public override string ToString() => $"BpeTokenizer, {Vocabulary.Count} ids, {Merges} merges";

    internal static BpeTokenizer Of(TokenizerRecord record)
    {
        if (record.Merges is null) throw new ArgumentException("the merges are missing");
        return new BpeTokenizer([.. record.Merges.Select(Parse)], record.Tokens, record.Text);

        static BpeMerge Parse(string line) => line.Split(' ') is [{ Length: > 0 } left, { Length: > 0 } right]
            ? new BpeMerge(BpeSymbol.FromToken(left), BpeSymbol.FromToken(right))
            : throw new ArgumentException($"\"{line}\" is no merge, expected two tokens");
    }

    private int[] EncodeWord(string word)
    {
        if (_cache.TryGetValue(word, out int[]? ids)) return ids;
        ids = _segmenter.Encode(word);
        if (_cache.Count < CacheSize && word.Length < 64) _cache.TryAdd(word, ids);
        return ids;
    }

    private TokenizerRecord Record() => new()
    {
        Kind = Kind,
        Text = Text,
        Tokens = [.. Vocabulary.Tokens.Skip(Vocabulary.SpecialCount)],
        Merges = [.. _merges.Select(merge => $"{merge.Left.Token} {merge.Right.Token}")],
    };
}
