using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Which trees a parsing run uses, and how words become ids.</summary>
public sealed record ParsingDataOptions : ISequenceTask
{
    private static readonly string[] _extensions = [".trees", ".mrg", ".ptb"];

    /// <summary>
    /// Folder with <c>train</c>, <c>val</c> and <c>test</c> as <c>.trees</c>, <c>.mrg</c> or <c>.ptb</c>, gzipped (<c>.gz</c>) or not, each as <see cref="Treebank"/>
    /// reads it; null: <see cref="GeneratedTreebank"/>.
    /// </summary>
    public string? Folder { get; init; }

    /// <summary>Without a folder: trees to train on.</summary>
    public int GeneratedTrees { get; init; } = 20_000;

    /// <summary>Without a folder: trees of validation and of test.</summary>
    public int GeneratedEvaluationTrees { get; init; } = 200;

    /// <summary>Without a folder: seed of the trees.</summary>
    public ulong GeneratedSeed { get; init; } = 1;

    /// <summary>Kind of the vocabulary of words.</summary>
    public ParsingVocabulary Vocabulary { get; init; } = ParsingVocabulary.Words;

    /// <summary>Most ids of words or byte pairs.</summary>
    public int VocabularySize { get; init; } = 16_384;

    /// <summary>Words that occur less often are unknown; of byte pairs, pairs that do are not merged.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Trees with more tokens on a side are left out of training; null for the model's limit.</summary>
    public int? MaximumTokens { get; init; }

    /// <summary>Train on the first so many trees only; null for all.</summary>
    public int? TrainTrees { get; init; }

    /// <summary>Evaluate on the first so many trees only; null for all.</summary>
    public int? EvaluationTrees { get; init; }

    string ISequenceTask.Name => "parsing";

    (string File, string Said) ISequenceTask.Listing => ("trees.txt", "parse");

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Vocabulary)) throw new ArgumentException("Data.Vocabulary is none of its values.");
        if (Folder is not null && string.IsNullOrWhiteSpace(Folder)) throw new ArgumentException("Data.Folder is empty; name a folder, or null for generated trees.");
        foreach (var (name, value, least) in new[]
        {
            (nameof(GeneratedTrees), GeneratedTrees, 1), (nameof(GeneratedEvaluationTrees), GeneratedEvaluationTrees, 1),
            (nameof(VocabularySize), VocabularySize, Training.Vocabulary.SpecialCount + 1), (nameof(MinimumFrequency), MinimumFrequency, 1),
            (nameof(MaximumTokens), MaximumTokens ?? 1, 1), (nameof(TrainTrees), TrainTrees ?? 1, 1), (nameof(EvaluationTrees), EvaluationTrees ?? 1, 1),
        })
        {
            if (value < least) throw new ArgumentException($"Data.{name} is {value} but must be at least {least}.");
        }
    }

    /// <summary>Words as sources, the tokens of their trees as targets.</summary>
    ParallelCorpus ISequenceTask.Open(CorpusSplit split)
    {
        IReadOnlyList<SyntaxTree> trees = Folder is null ? Generate(split) : Treebank.Read(FileOf(split));
        if ((split == CorpusSplit.Train ? TrainTrees : EvaluationTrees) is { } count) trees = [.. trees.Take(count)];
        var form = TreeLinearization.Of(trees);
        return new ParallelCorpus(
            [.. trees.Select(tree => string.Join(' ', tree.Leaves.Select(leaf => leaf.Word)))], [.. trees.Select(tree => string.Join(' ', form.Write(tree)))],
            name: $"trees of {split}");
    }

    (ITokenizer Source, ITokenizer Target) ISequenceTask.Learn(ParallelCorpus corpus)
    {
        ITokenizer words = Vocabulary == ParsingVocabulary.Words
            ? WordTokenizer.Learn(corpus.Source, new WordTokenizerOptions { MinimumFrequency = MinimumFrequency, MaximumSize = VocabularySize })
            : BpeTokenizer.Learn(corpus.Source, new BpeOptions { MinimumFrequency = MinimumFrequency, VocabularySize = VocabularySize });
        return (words, WordTokenizer.Learn(corpus.Target, new WordTokenizerOptions { MinimumFrequency = 1 }));
    }

    string ISequenceTask.Read(string line) => string.Join(' ', Treebank.Words(line));

    string ISequenceTask.Write(string source, string target, Vocabulary vocabulary) => Tree(TreeLinearization.OfTokens(vocabulary.Tokens), source, target).ToString();

    IReadOnlyList<string> ISequenceTask.References(ParallelCorpus corpus) => [.. Gold(corpus).Select(tree => tree.ToString())];

    IEnumerable<(string Name, double Value)> ISequenceTask.Score(IReadOnlyList<string> found, ParallelCorpus corpus)
    {
        var score = Evalb.Corpus([.. found.SelectMany(line => Treebank.Parse(line, "parse"))], Gold(corpus));
        return
        [
            ("f1", score.F1), ("precision", score.Precision), ("recall", score.Recall), ("exact", score.ExactMatch), ("tags", score.TaggingAccuracy),
            ("skipped", score.Skipped), ("f1OfAll", score.F1OfAll),
        ];
    }

    private static SyntaxTree[] Gold(ParallelCorpus corpus)
    {
        var form = TreeLinearization.OfTokens(corpus.Target.SelectMany(line => line.Split(' ')));
        return [.. corpus.Source.Zip(corpus.Target, (words, tokens) => Tree(form, words, tokens))];
    }

    private static SyntaxTree Tree(TreeLinearization form, string words, string tokens) =>
        form.Read(words.Split(' '), tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    // Each split counts trees of its own seed, so that none grows into another.
    private IReadOnlyList<SyntaxTree> Generate(CorpusSplit split) =>
        GeneratedTreebank.Generate(split == CorpusSplit.Train ? GeneratedTrees : GeneratedEvaluationTrees, 3 * GeneratedSeed + (ulong)split);

    private string FileOf(CorpusSplit split)
    {
        string stem = Path.Combine(DataFolder.Find(Folder!), split switch { CorpusSplit.Train => "train", CorpusSplit.Validation => "val", _ => "test" });
        return _extensions.SelectMany(extension => new[] { stem + extension, $"{stem}{extension}.gz" }).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"there is no {stem}{string.Join(", ", _extensions)}, nor one with .gz behind it.");
    }
}
