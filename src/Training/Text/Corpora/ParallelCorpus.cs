namespace GpuNets.Training;

/// <summary>Sentences in two languages, paired by their number.</summary>
public sealed class ParallelCorpus
{
    /// <summary>A corpus of lines in memory.</summary>
    /// <param name="source">Sentences to translate.</param>
    /// <param name="target">Their translations.</param>
    /// <param name="sourceLanguage">Code of the language, such as <c>de</c>; empty when unknown.</param>
    /// <param name="targetLanguage">Code of the language, such as <c>en</c>; empty when unknown.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="ArgumentException">The sides differ in number.</exception>
    public ParallelCorpus(
        IReadOnlyList<string> source, IReadOnlyList<string> target, string sourceLanguage = "", string targetLanguage = "", string name = "corpus")
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Count != target.Count)
            throw new ArgumentException($"ParallelCorpus: {name} has {source.Count} source lines and {target.Count} target lines, expected as many.", nameof(target));
        (Source, Target, SourceLanguage, TargetLanguage, Name) = (source, target, sourceLanguage, targetLanguage, name);
    }

    /// <summary>What it is called in messages.</summary>
    public string Name { get; }

    /// <summary>Code of the language translated from; empty when unknown.</summary>
    public string SourceLanguage { get; }

    /// <summary>Code of the language translated to; empty when unknown.</summary>
    public string TargetLanguage { get; }

    /// <summary>Sentences to translate.</summary>
    public IReadOnlyList<string> Source { get; }

    /// <summary>Their translations, at the same places.</summary>
    public IReadOnlyList<string> Target { get; }

    /// <summary>Pairs.</summary>
    public int Count => Source.Count;

    /// <summary>Reads two files, plain or gzipped, whose lines with the same number belong together.</summary>
    /// <param name="sourcePath">The file of sentences to translate.</param>
    /// <param name="targetPath">The file of their translations.</param>
    /// <param name="sourceLanguage">Code of the language, such as <c>de</c>; empty when unknown.</param>
    /// <param name="targetLanguage">Code of the language, such as <c>en</c>; empty when unknown.</param>
    /// <param name="name">What it is called in messages; null for the name of the first file.</param>
    /// <exception cref="DataFileException">A file is damaged, or the files differ in their number of lines.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static ParallelCorpus Read(string sourcePath, string targetPath, string sourceLanguage = "", string targetLanguage = "", string? name = null)
    {
        var source = TextFile.ReadLines(sourcePath);
        var target = TextFile.ReadLines(targetPath);
        if (source.Count != target.Count)
            throw new DataFileException(targetPath, null, $"{target.Count} lines, but {sourcePath} has {source.Count}; lines are paired by their number");
        return new ParallelCorpus(source, target, sourceLanguage, targetLanguage, name ?? Path.GetFileName(sourcePath));
    }

    /// <summary>The other direction.</summary>
    public ParallelCorpus Reverse() => new(Target, Source, TargetLanguage, SourceLanguage, Name);

    /// <summary>The first pairs.</summary>
    /// <param name="count">How many at most.</param>
    public ParallelCorpus Take(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return Select([.. Enumerable.Range(0, Math.Min(count, Count))]);
    }

    /// <summary>Leaves out pairs that are empty, long or unlikely to be translations of each other.</summary>
    /// <param name="options">What is kept; null for the defaults.</param>
    /// <param name="length">Length of a line; null counts words between white space.</param>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public (ParallelCorpus Corpus, CleaningReport Report) Clean(CorpusCleaning? options = null, Func<string, int>? length = null)
    {
        options ??= new CorpusCleaning();
        options.Validate();
        length ??= static line => WhiteSpace.Split(line).Length;
        List<int> kept = [];
        int tooShort = 0, tooLong = 0, unbalanced = 0;
        for (int i = 0; i < Count; i++)
        {
            int s = length(Source[i]), t = length(Target[i]);
            if (Math.Min(s, t) < options.MinimumLength) tooShort++;
            else if (Math.Max(s, t) > options.MaximumLength) tooLong++;
            else if (Math.Max(s, t) > options.MaximumRatio * Math.Min(s, t)) unbalanced++;
            else kept.Add(i);
        }
        return (Select(kept), new CleaningReport(kept.Count, tooShort, tooLong, unbalanced));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {SourceLanguage}-{TargetLanguage}, {Count} pairs";

    private ParallelCorpus Select(List<int> rows) =>
        new([.. rows.Select(i => Source[i])], [.. rows.Select(i => Target[i])], SourceLanguage, TargetLanguage, Name);
}
