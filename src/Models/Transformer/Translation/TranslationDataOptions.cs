using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Which pairs of sentences a translation run uses, and how text becomes ids.</summary>
public sealed record TranslationDataOptions : ISequenceTask
{
    /// <summary>Where they come from.</summary>
    public TranslationCorpus Corpus { get; init; } = TranslationCorpus.Multi30k;

    /// <summary>The folder; null: that of the data set in the folder of all data sets (see <see cref="DataFolder"/>).</summary>
    public string? Folder { get; init; }

    /// <summary>From and to, such as <c>de-en</c>.</summary>
    public string Pair { get; init; } = "de-en";

    /// <summary>Kind of the vocabularies.</summary>
    public TranslationVocabulary Vocabulary { get; init; } = TranslationVocabulary.Words;

    /// <summary>Ids of a vocabulary of byte pairs; words are limited by their frequency alone.</summary>
    public int VocabularySize { get; init; } = 8_000;

    /// <summary>Words that occur less often are unknown.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Use lower case only.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Pairs with more tokens on a side are left out of training; null for the model's limit.</summary>
    public int? MaximumTokens { get; init; }

    /// <summary>Train on the first so many pairs only; null for all.</summary>
    public int? TrainPairs { get; init; }

    /// <summary>Evaluate on the first so many pairs only; null for all.</summary>
    public int? EvaluationPairs { get; init; }

    string ISequenceTask.Name => Pair;

    (string File, string Said) ISequenceTask.Listing => ("translations.txt", "translation");

    private (string Source, string Target) Languages => Pair.Split('-') is [{ Length: > 0 } source, { Length: > 0 } target]
        ? (source, target)
        : throw new ArgumentException($"Data.Pair is '{Pair}' but must be two languages, as in de-en.");

    private bool IsRaw => Corpus is TranslationCorpus.Multi30kRaw or TranslationCorpus.Files;

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Corpus)) throw new ArgumentException("Data.Corpus is none of its values.");
        if (!Enum.IsDefined(Vocabulary)) throw new ArgumentException("Data.Vocabulary is none of its values.");
        if (Corpus == TranslationCorpus.Files && string.IsNullOrWhiteSpace(Folder)) throw new ArgumentException("Data.Corpus is Files but Data.Folder is not given.");
        _ = Languages;
        foreach (var (name, value) in new[]
        {
            (nameof(VocabularySize), VocabularySize), (nameof(MinimumFrequency), MinimumFrequency), (nameof(MaximumTokens), MaximumTokens ?? 1),
            (nameof(TrainPairs), TrainPairs ?? 1), (nameof(EvaluationPairs), EvaluationPairs ?? 1),
        })
        {
            if (value < 1) throw new ArgumentException($"Data.{name} is {value} but must be at least 1.");
        }
    }

    ParallelCorpus ISequenceTask.Open(CorpusSplit split)
    {
        var corpus = Corpus switch
        {
            TranslationCorpus.Wmt => WmtEnglishGerman.Load(split, Pair, Folder ?? "wmt_ende"),
            TranslationCorpus.Files => OpenFiles(split),
            _ => Multi30k.Load(Pair, split, Corpus == TranslationCorpus.Multi30k, Folder ?? "multi30k"),
        };
        return (split == CorpusSplit.Train ? TrainPairs : EvaluationPairs) is { } count ? corpus.Take(count) : corpus;
    }

    IEnumerable<(string Name, double Value)> ISequenceTask.Score(IReadOnlyList<string> found, ParallelCorpus corpus) =>
        [("bleu", Bleu(found, corpus.Target).Score), ("chrF", ChrF.Corpus(found, corpus.Target).Score)];

    /// <summary>
    /// BLEU of translations: of a raw corpus as the standard tool counts it (13a), of a corpus of tokens over these tokens, as published for them.
    /// </summary>
    private BleuScore Bleu(IReadOnlyList<string> translations, IReadOnlyList<string> references)
    {
        if (IsRaw) return Training.Bleu.Corpus(translations, references, new BleuOptions { LowerCase = LowerCase });
        var splitter = new WordSplitter(Languages.Target);
        return Training.Bleu.Corpus([.. translations.Select(Tokens)], [.. references.Select(Tokens)], new BleuOptions { Tokenization = BleuTokenization.None });

        string Tokens(string line) => string.Join(' ', splitter.Split(WordSplitter.NormalizePunctuation(WordSplitter.Unescape(line))));
    }

    (ITokenizer Source, ITokenizer Target) ISequenceTask.Learn(ParallelCorpus corpus)
    {
        var (source, target) = Languages;
        if (Vocabulary == TranslationVocabulary.Words)
        {
            return (WordTokenizer.Learn(corpus.Source, Words(source)), WordTokenizer.Learn(corpus.Target, Words(target)));
        }
        if (Vocabulary == TranslationVocabulary.SeparateBytePairs)
        {
            return (BpeTokenizer.Learn(corpus.Source, Pairs(source)), BpeTokenizer.Learn(corpus.Target, Pairs(target)));
        }
        // Words of raw text are taken apart and put together by the rules of the target, which is what is printed.
        var joint = BpeTokenizer.Learn(corpus.Source.Concat(corpus.Target), Pairs(target));
        return (joint, joint);

        WordTokenizerOptions Words(string language) => new() { Text = Text(language), MinimumFrequency = MinimumFrequency };
        BpeOptions Pairs(string language) => new() { Text = Text(language), VocabularySize = VocabularySize };
    }

    // A corpus of tokens is read as its authors made it from text, so that lines typed at a prompt become the same tokens.
    private TextOptions Text(string language) => IsRaw
        ? new() { Language = language, LowerCase = LowerCase }
        : new() { Language = language, LowerCase = LowerCase || Corpus == TranslationCorpus.Multi30k, Unescape = true, NormalizePunctuation = true };

    private ParallelCorpus OpenFiles(CorpusSplit split)
    {
        var (source, target) = Languages;
        string stem = Path.Combine(DataFolder.Find(Folder!), split switch { CorpusSplit.Train => "train", CorpusSplit.Validation => "val", _ => "test" });
        return ParallelCorpus.Read(Existing($"{stem}.{source}"), Existing($"{stem}.{target}"), source, target);

        static string Existing(string path) => File.Exists(path) ? path : $"{path}.gz";
    }
}
