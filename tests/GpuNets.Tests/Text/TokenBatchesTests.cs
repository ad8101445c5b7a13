using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Batches: every pair once an epoch, within bounds, the same from the same seed.</summary>
public sealed class TokenBatchesTests
{
    private static EncodedCorpus Sample(int count, uint seed = 1, int shortest = 1)
    {
        var random = new Philox(seed);
        int[] Row(int i, uint side) => [.. Enumerable.Range(0, shortest + random.Below(2 * (uint)i + side, 20)).Select(k => 4 + (i + k) % 50)];
        return new EncodedCorpus([.. Enumerable.Range(0, count).Select(i => Row(i, 0))], [.. Enumerable.Range(0, count).Select(i => Row(i, 1))]);
    }

    public static TheoryData<int, int, int, int> Forms => new()
    {
        { 200, 0, 1, 100 }, { 200, 0, 4, 100 }, { 120, 3, 1, 100 }, { 0, 7, 1, 100 }, { 0, 7, 1, 1 }, { 0, 7, 8, 3 }, { 0, 1000, 1, 100 }, { 24, 0, 1, 100 },
    };

    private static TokenBatchOptions Options(int tokens, int sentences, int multiple, int pool) =>
        new() { Tokens = tokens, Sentences = sentences, LengthMultiple = multiple, Pool = pool };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Forms))]
    public async Task Every_pair_occurs_once_an_epoch_and_batches_keep_their_bounds(int tokens, int sentences, int multiple, int pool)
    {
        await Task.Yield();
        var corpus = Sample(101);
        var batches = new TokenBatches(corpus, Options(tokens, sentences, multiple, pool), seed: 5);
        var orders = new List<string>();
        for (int epoch = 0; epoch < 3; epoch++)
        {
            var all = Enumerable.Range(0, batches.BatchesPerEpoch).Select(i => batches.Get((long)epoch * batches.BatchesPerEpoch + i)).ToList();
            Assert.Equal(Enumerable.Range(0, corpus.Count), all.SelectMany(batch => batch.Samples).Order());
            foreach (var batch in all) Check(corpus, batch, batches.Options);
            orders.Add(string.Join(' ', all.SelectMany(batch => batch.Samples)));
            Assert.Equal(corpus.TargetTokens + corpus.Count, all.Sum(batch => batch.TargetTokens));
        }
        Assert.Equal(3, orders.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, corpus.Count), batches.Once().SelectMany(batch => batch.Samples).Order());
        foreach (var batch in batches.Once()) Check(corpus, batch, batches.Options);
    }

    private static void Check(EncodedCorpus corpus, TokenBatch batch, TokenBatchOptions options)
    {
        if (options.Tokens > 0) Assert.True(batch.Rows * Math.Max(batch.Source.Length, batch.Targets.Length) <= options.Tokens);
        if (options.Sentences > 0) Assert.True(batch.Rows <= options.Sentences);
        Assert.Equal(0, batch.Source.Length % options.LengthMultiple);
        Assert.Equal(batch.DecoderInput.Shape, batch.Targets.Shape);
        for (int row = 0; row < batch.Rows; row++)
        {
            int[] source = corpus.Source[batch.Samples[row]], target = corpus.Target[batch.Samples[row]];
            Assert.Equal([.. source, Vocabulary.Eos], Row(batch.Source, row));
            Assert.Equal([Vocabulary.Bos, .. target], Row(batch.DecoderInput, row));
            Assert.Equal([.. target, Vocabulary.Eos], Row(batch.Targets, row));
        }

        static int[] Row(TokenRows rows, int row)
        {
            int[] whole = rows.Values[(row * rows.Length)..((row + 1) * rows.Length)];
            Assert.All(whole[rows.Lengths[row]..], id => Assert.Equal(Vocabulary.Pad, id));
            return whole[..rows.Lengths[row]];
        }
    }

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Forms))]
    public async Task A_batch_is_a_function_of_seed_and_number(int tokens, int sentences, int multiple, int pool)
    {
        await Task.Yield();
        var corpus = Sample(101);
        var options = Options(tokens, sentences, multiple, pool);
        var forward = new TokenBatches(corpus, options, seed: 5);
        long last = 3 * forward.BatchesPerEpoch;
        var expected = Enumerable.Range(0, (int)last).Select(i => forward.Get(i).Source.Values).ToList();
        var backward = new TokenBatches(corpus, options, seed: 5);
        for (int i = (int)last - 1; i >= 0; i--) Assert.Equal(expected[i], backward.Get(i).Source.Values);
        using var prefetcher = new Prefetcher<TokenBatch>(backward.Get, start: last / 2);
        for (int i = (int)(last / 2); i < last; i++) Assert.Equal(expected[i], prefetcher.Next(TestContext.Current.CancellationToken).Source.Values);
        if (forward.BatchesPerEpoch > 1)
            Assert.NotEqual(expected.SelectMany(row => row), Enumerable.Range(0, (int)last).SelectMany(i => new TokenBatches(corpus, options, seed: 6).Get(i).Source.Values));
    }

    [Fact(Timeout = 20_000)]
    public async Task Sorting_by_length_spares_padding()
    {
        await Task.Yield();
        var corpus = Sample(2000);
        double drawn = Share(new TokenBatchOptions { Tokens = 0, Sentences = 64, Pool = 1 });
        double pooled = Share(new TokenBatchOptions { Tokens = 0, Sentences = 64 }), byTokens = Share(new TokenBatchOptions { Tokens = 1000 });
        Assert.True(drawn < 0.6 && pooled > 0.75 && byTokens > 0.75, $"no padding: {drawn:P1} at random, {pooled:P1} in pools, {byTokens:P1} by tokens");

        double Share(TokenBatchOptions options)
        {
            var batches = new TokenBatches(corpus, options, seed: 1);
            double real = 0, padded = 0;
            for (int i = 0; i < batches.BatchesPerEpoch; i++)
            {
                var batch = batches.Get(i);
                real += batch.SourceTokens + batch.TargetTokens;
                padded += batch.Source.Values.Length + batch.Targets.Values.Length;
            }
            return real / padded;
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task What_makes_no_sense_is_refused()
    {
        await Task.Yield();
        var corpus = Sample(10);
        foreach (var wrong in (TokenBatchOptions[])[new() { Tokens = -1 }, new() { Tokens = 0 }, new() { Sentences = -1 }, new() { LengthMultiple = 0 }, new() { Pool = 0 }])
            Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBatches(corpus, wrong, 1));
        Assert.Contains("no pairs", Assert.Throws<ArgumentException>(() => new TokenBatches(new EncodedCorpus([], []), new(), 1)).Message, StringComparison.Ordinal);
        Assert.Contains("pair 1 takes 9 source and 3 target ids, but a batch has 8",
            Assert.Throws<ArgumentException>(() => new TokenBatches(new EncodedCorpus([[4], new int[8]], [[4], [4, 5]]), new() { Tokens = 8 }, 1)).Message, StringComparison.Ordinal);
        Assert.Contains("source sentence 0 is empty",
            Assert.Throws<ArgumentException>(() => new TokenBatches(new EncodedCorpus([[]], [[4]]), new() { SourceEnd = false }, 1)).Message, StringComparison.Ordinal);
        Assert.Equal([Vocabulary.Eos], new TokenBatches(new EncodedCorpus([[]], [[]]), new(), 1).Get(0).Source.Values);
        Assert.Throws<ArgumentException>(() => new EncodedCorpus([[1]], []));
        Assert.Throws<ArgumentException>(() => TokenRows.Pad([]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new TokenBatches(corpus, new(), 1).Get(-1));
        Assert.Equal(1, new EncodedCorpus([[4], [], [4, 5, 6]], [[4], [5], [6]]).UpTo(2).Count);
    }

    [Fact(Timeout = 60_000)]
    public async Task Rows_go_to_a_device_and_ids_of_another_vocabulary_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Record();
        var rows = TokenRows.Pad([[4, 5], [6]], begin: true, end: true, multiple: 5);
        var (ids, lengths) = rows.Upload(lease.Device, vocabulary: 7);
        Assert.Equal([1, 4, 5, 2, 0, 1, 6, 2, 0, 0], ids.ToArray());
        Assert.Equal([4, 3], lengths.ToArray());
        Assert.Equal(new Shape(2, 5), ids.Shape);
        Assert.Equal(7, rows.Tokens);
        Assert.Throws<ShapeException>(() => rows.Upload(lease.Device, vocabulary: 6));
    }

    [Fact(Timeout = 60_000)]
    public async Task Multi30k_fills_batches()
    {
        await Task.Yield();
        var corpus = TextData.Multi30k("de-en", CorpusSplit.Train, tokenized: true);
        var encoded = EncodedCorpus.Of(corpus, WordTokenizer.Learn(corpus.Source), WordTokenizer.Learn(corpus.Target));
        var batches = new TokenBatches(encoded, new TokenBatchOptions { Tokens = 4096 }, seed: 1);
        var all = Enumerable.Range(0, batches.BatchesPerEpoch).Select(i => batches.Get(i)).ToList();
        Assert.Equal(29_000, all.Sum(batch => batch.Rows));
        double fill = all.Average(batch => (batch.SourceTokens + batch.TargetTokens) / (double)(batch.Source.Values.Length + batch.Targets.Values.Length));
        TestContext.Current.TestOutputHelper?.WriteLine($"{batches.BatchesPerEpoch} batches an epoch, {fill:P1} no padding");
        Assert.True(fill > 0.85, $"{fill:P1}");
        Assert.Equal(227, new TokenBatches(encoded, new TokenBatchOptions { Tokens = 0, Sentences = 128 }, seed: 1).BatchesPerEpoch);
    }
}
