using System.Text;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Judges a run from sequences to sequences: perplexity and the scores of its task, lists of what is said, pictures of attention.</summary>
internal sealed class SequenceJudge(SequenceOptions options, SequenceTokenizers tokenizers, Transformer model, ITranslator translator)
{
    private readonly Lazy<EncodedCorpus> _report = new(() => Encode(options.Task.Open(CorpusSplit.Validation).Take(options.ReportPairs), tokenizers));
    private readonly Lazy<ParallelCorpus> _test = new(() => options.Task.Open(CorpusSplit.Test));

    /// <summary>Perplexity of the first validation pairs.</summary>
    public double ReportPerplexity() => Perplexity(_report.Value, CancellationToken.None).Value;

    /// <summary>On the test pairs: perplexity per token and the task's scores of greedy and beam search.</summary>
    public IReadOnlyDictionary<string, double> Metrics(CancellationToken cancellation)
    {
        var metrics = new Dictionary<string, double> { ["perplexity"] = Perplexity(Encode(_test.Value, tokenizers), cancellation).Value };
        foreach (var (name, score) in Scores(cancellation)) metrics[name] = score;
        return metrics;
    }

    /// <summary>On the test pairs: the task's scores of greedy and beam search.</summary>
    public IReadOnlyDictionary<string, double> Scores(CancellationToken cancellation)
    {
        var text = _test.Value;
        var metrics = new Dictionary<string, double>();
        foreach (var (name, decoding) in new[] { ("greedy", options.Decoding with { Beam = 1, Best = 1 }), ($"beam{options.Decoding.Beam}", options.Decoding with { Best = 1 }) })
        {
            string[] found = [.. translator.Translate(text.Source, decoding, cancellation).Select(best => best[0].Text)];
            foreach (var (score, value) in options.Task.Score(found, text)) metrics[$"{name}.{score}"] = value;
        }
        return metrics;
    }

    /// <summary>Writes the first test sentences with what is right and what is said.</summary>
    public string List(string folder, int count)
    {
        var text = _test.Value.Take(count);
        var found = translator.Translate(text.Source, options.Decoding with { Best = 1 });
        var references = options.Task.References(text);
        var (name, said) = options.Task.Listing;
        var list = new StringBuilder();
        for (int i = 0; i < text.Count; i++)
            list.Append($"{"source",-11}  {text.Source[i]}\n{"reference",-11}  {references[i]}\n{said,-11}  {found[i][0].Text}\n\n");
        string path = Path.Combine(folder, name);
        AtomicFile.WriteText(path, list.ToString());
        return path;
    }

    /// <summary>Draws where each head of each layer looks while the model says its own target of the first test sentences.</summary>
    public IEnumerable<string> Plot(string folder, int count)
    {
        var text = _test.Value.Take(count);
        for (int i = 0; i < text.Count; i++)
        {
            int[] source = options.Source(tokenizers.Source.Encode(text.Source[i]));
            if (source.Length > model.Options.MaxLength) continue;
            var best = new TransformerDecoder(model, options.Decoding with { Best = 1 }).Decode([source])[0][0];
            // A target that was cut off fills the model; the decoder reads one token more.
            var maps = model.Attend(source, [.. best.Ids.Take(model.Options.MaxLength - 1)]);
            foreach (var (name, layers, from, to) in new[]
            {
                ("encoder", maps.Encoder, maps.SourceTime, maps.SourceTime), ("decoder", maps.Decoder, maps.TargetTime, maps.TargetTime),
                ("cross", maps.Cross, maps.TargetTime, maps.SourceTime),
            })
            {
                string path = Path.Combine(folder, $"attention-{name}-{i}.png");
                var panels = layers.SelectMany((layer, l) => Enumerable.Range(0, maps.Heads).Select(head => new MatrixPanel(
                    $"layer {l + 1}, head {head + 1}", layer[(head * from * to)..((head + 1) * from * to)], from, to)
                { Black = 0, White = 1 }));
                new PanelPlot { Title = $"{name} attention, {text.Source[i]}" }.Save(path, [.. panels]);
                yield return path;
            }
        }
    }

    private static EncodedCorpus Encode(ParallelCorpus corpus, SequenceTokenizers tokenizers) => EncodedCorpus.Of(corpus, tokenizers.Source, tokenizers.Target);

    private Perplexity Perplexity(EncodedCorpus corpus, CancellationToken cancellation)
    {
        var perplexity = new Perplexity();
        corpus = corpus.UpTo(options.MaximumTokens);
        foreach (var batch in new TokenBatches(corpus, options.Batches, seed: 0).Once())
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = model.Device.Scope();
            var pairs = options.Batch(model.Options, corpus, batch);
            perplexity.Add(model.Loss(pairs, smoothing: 0).Item(), pairs.TargetTokens);
        }
        return perplexity;
    }
}
