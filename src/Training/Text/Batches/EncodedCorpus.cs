namespace GpuNets.Training;

/// <summary>Pairs of sentences as ids, without begin and end.</summary>
public sealed class EncodedCorpus
{
    /// <summary>A corpus of given ids.</summary>
    /// <param name="source">Sentences to translate.</param>
    /// <param name="target">Their translations.</param>
    /// <exception cref="ArgumentException">The sides differ in number.</exception>
    public EncodedCorpus(IReadOnlyList<int[]> source, IReadOnlyList<int[]> target)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        if (source.Count != target.Count)
            throw new ArgumentException($"EncodedCorpus: {source.Count} source sentences and {target.Count} target sentences, expected as many.", nameof(target));
        (Source, Target) = (source, target);
        SourceTokens = source.Sum(ids => (long)ids.Length);
        TargetTokens = target.Sum(ids => (long)ids.Length);
    }

    /// <summary>Sentences to translate.</summary>
    public IReadOnlyList<int[]> Source { get; }

    /// <summary>Their translations, at the same places.</summary>
    public IReadOnlyList<int[]> Target { get; }

    /// <summary>Pairs.</summary>
    public int Count => Source.Count;

    /// <summary>Ids of all source sentences.</summary>
    public long SourceTokens { get; }

    /// <summary>Ids of all target sentences.</summary>
    public long TargetTokens { get; }

    /// <summary>Encodes a corpus.</summary>
    /// <param name="corpus">The text.</param>
    /// <param name="source">For the sentences to translate.</param>
    /// <param name="target">For their translations; the same one for a joint vocabulary.</param>
    public static EncodedCorpus Of(ParallelCorpus corpus, ITokenizer source, ITokenizer target)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(target);
        return new EncodedCorpus(Encode(corpus.Source, source), Encode(corpus.Target, target));
    }

    /// <summary>The pairs of which neither side is empty or longer than this.</summary>
    /// <param name="tokens">Most ids of a sentence, without begin and end.</param>
    public EncodedCorpus UpTo(int tokens)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tokens, 1);
        int[] kept = [.. Enumerable.Range(0, Count).Where(i =>
            Math.Min(Source[i].Length, Target[i].Length) > 0 && Math.Max(Source[i].Length, Target[i].Length) <= tokens)];
        return new EncodedCorpus([.. kept.Select(i => Source[i])], [.. kept.Select(i => Target[i])]);
    }

    private static int[][] Encode(IReadOnlyList<string> lines, ITokenizer tokenizer) => [.. lines.AsParallel().AsOrdered().Select(tokenizer.Encode)];

    /// <inheritdoc/>
    public override string ToString() => $"{Count} pairs, {SourceTokens} source and {TargetTokens} target tokens";
}
