namespace GpuNets.Training;

/// <summary>
/// Batches of a parallel corpus: epochs in random order in which every pair occurs once, pairs of about the same length together. A batch
/// is a function of the seed and its number, so a run resumes anywhere; give <see cref="Get"/> to a <see cref="Prefetcher{T}"/>.
/// </summary>
/// <remarks>
/// By tokens: pairs are sorted by length, those of the same lengths in another order each epoch, cut where a side is full, and the batches
/// shuffled. The cuts depend on lengths alone and are the same in each epoch. By sentences: pairs are shuffled, sorted in pools, cut, and
/// the batches shuffled; one batch of an epoch may be smaller.
/// </remarks>
public sealed class TokenBatches
{
    private readonly EncodedCorpus _corpus;
    private readonly Philox _random;
    private readonly int[] _sorted;          // all pairs by length
    private readonly int[] _groups;          // where pairs of other lengths begin in the sorted ones, and the end
    private readonly int[] _cuts;            // where batches begin, and the end
    private volatile Epoch? _epoch;

    /// <summary>Prepares batches.</summary>
    /// <param name="corpus">The pairs.</param>
    /// <param name="options">How they become batches.</param>
    /// <param name="seed">The seed of a run.</param>
    /// <exception cref="ArgumentException">
    /// The corpus is empty, a source sentence without marks is empty, or a pair alone is larger than a batch may be.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public TokenBatches(EncodedCorpus corpus, TokenBatchOptions options, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        if (corpus.Count == 0) throw new ArgumentException("TokenBatches: the corpus has no pairs.", nameof(corpus));
        (_corpus, Options) = (corpus, options);
        _random = new Philox(seed).Fork("token batches");
        for (int i = 0; i < corpus.Count; i++)
        {
            var (s, t) = LengthsOf(i);
            if (s == 0) throw new ArgumentException($"TokenBatches: source sentence {i} is empty; clean the corpus or let {nameof(options.SourceEnd)} end it.", nameof(corpus));
            if (options.Tokens > 0 && Math.Max(s, t) > options.Tokens)
                throw new ArgumentException($"TokenBatches: pair {i} takes {s} source and {t} target ids, but a batch has {options.Tokens}; leave out long sentences or raise {nameof(options.Tokens)}.", nameof(corpus));
        }
        int[] all = [.. Enumerable.Range(0, corpus.Count)];
        _sorted = ByLength(all);
        _groups = [0, .. Enumerable.Range(1, corpus.Count - 1).Where(i => LengthsOf(_sorted[i]) != LengthsOf(_sorted[i - 1])), corpus.Count];
        _cuts = options.Tokens > 0 ? CutByTokens(_sorted) : [.. Enumerable.Range(0, (corpus.Count - 1) / options.Sentences + 1).Select(i => i * options.Sentences), corpus.Count];
    }

    /// <summary>How batches are made.</summary>
    public TokenBatchOptions Options { get; }

    /// <summary>Batches in which every pair occurs once.</summary>
    public int BatchesPerEpoch => _cuts.Length - 1;

    /// <summary>The batch of a number; the first epoch has the numbers below <see cref="BatchesPerEpoch"/>. Safe from several threads.</summary>
    public TokenBatch Get(long index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        long number = index / BatchesPerEpoch;
        var epoch = _epoch;
        if (epoch?.Number != number) _epoch = epoch = Shuffle(number);
        int batch = epoch.Batches[index % BatchesPerEpoch];
        return Batch(epoch.Pairs.AsSpan(_cuts[batch], _cuts[batch + 1] - _cuts[batch]).ToArray());
    }

    /// <summary>Every pair once, sorted by length; nothing is random. For validation and test.</summary>
    public IEnumerable<TokenBatch> Once()
    {
        for (int batch = 0; batch < BatchesPerEpoch; batch++) yield return Batch(_sorted[_cuts[batch].._cuts[batch + 1]]);
    }

    private TokenBatch Batch(int[] samples)
    {
        int[][] targets = [.. samples.Select(i => _corpus.Target[i])];
        return new TokenBatch(
            samples,
            TokenRows.Pad([.. samples.Select(i => _corpus.Source[i])], Options.SourceBegin, Options.SourceEnd, Options.LengthMultiple),
            TokenRows.Pad(targets, begin: true, multiple: Options.LengthMultiple),
            TokenRows.Pad(targets, end: true, multiple: Options.LengthMultiple));
    }

    private Epoch Shuffle(long number)
    {
        var random = _random.Fork($"epoch {number}");
        int[] pairs;
        if (Options.Tokens > 0)
        {
            pairs = [.. _sorted];
            for (int i = 1; i < _groups.Length; i++) Shuffle(pairs.AsSpan(_groups[i - 1].._groups[i]), random, _groups[i - 1]);
        }
        else
        {
            pairs = [.. Enumerable.Range(0, _corpus.Count)];
            Shuffle(pairs, random, 0);
            int pool = (int)Math.Min((long)Options.Sentences * Options.Pool, _corpus.Count);
            for (int start = 0; start < pairs.Length && Options.Pool > 1; start += pool)
            {
                int[] sorted = ByLength(pairs[start..Math.Min(start + pool, pairs.Length)]);
                sorted.CopyTo(pairs, start);
                if (start > pairs.Length - pool) break;
            }
        }
        int[] batches = [.. Enumerable.Range(0, BatchesPerEpoch)];
        Shuffle(batches, random.Fork("batches"), 0);
        return new Epoch(number, pairs, batches);
    }

    private static void Shuffle(Span<int> values, Philox random, int draw)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int j = random.Below((uint)(draw + i), i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>By source length and, up and down in turn so that neighbours are alike, by target length. Equal ones keep their order.</summary>
    private int[] ByLength(int[] pairs) =>
        [.. pairs.OrderBy(i => LengthsOf(i).Source).ThenBy(i => LengthsOf(i) is var (s, t) && s / Options.LengthMultiple % 2 == 0 ? -t : t)];

    private int[] CutByTokens(int[] pairs)
    {
        List<int> cuts = [0];
        int source = 0, target = 0;
        for (int i = 0; i < pairs.Length; i++)
        {
            var (s, t) = LengthsOf(pairs[i]);
            (source, target) = (Math.Max(source, s), Math.Max(target, t));
            long rows = i - cuts[^1] + 1;
            if (rows * Math.Max(source, target) <= Options.Tokens && (Options.Sentences == 0 || rows <= Options.Sentences)) continue;
            cuts.Add(i);
            (source, target) = (s, t);
        }
        return [.. cuts, pairs.Length];
    }

    /// <summary>Columns that a pair takes.</summary>
    private (int Source, int Target) LengthsOf(int pair)
    {
        int marks = (Options.SourceBegin ? 1 : 0) + (Options.SourceEnd ? 1 : 0);
        return (TokenRows.RoundUp(_corpus.Source[pair].Length + marks, Options.LengthMultiple),
            TokenRows.RoundUp(_corpus.Target[pair].Length + 1, Options.LengthMultiple));
    }

    private sealed record Epoch(long Number, int[] Pairs, int[] Batches);
}
