namespace GpuNets.Models;

/// <summary>
/// Finds the targets that a trained <see cref="Transformer"/> gives sources: greedily or by beam search, with keys and values of earlier steps kept. Sources of
/// different lengths are decoded together; one that has finished leaves the batch.
/// </summary>
public sealed class TransformerDecoder
{
    private readonly Transformer _model;

    /// <summary>Prepares a search.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">How to search; null for the paper's beam of 4.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public TransformerDecoder(Transformer model, DecodingOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new DecodingOptions();
        Options.Validate();
        _model = model;
    }

    /// <summary>How targets are searched for.</summary>
    public DecodingOptions Options { get; }

    /// <summary>Decodes sources.</summary>
    /// <param name="sources">Ids of each source, none empty, as the model was trained on: with the end token if it had one.</param>
    /// <param name="cancellation">Looked at between batches.</param>
    /// <returns>The best hypotheses for each source, in the order of the sources; at least one for each.</returns>
    /// <exception cref="ArgumentException">A source is empty, longer than MaxLength of the model, or has an id out of the vocabulary; the message names it.</exception>
    /// <exception cref="InvalidOperationException">A tape is open: decoding has no gradient.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public IReadOnlyList<IReadOnlyList<Hypothesis>> Decode(IReadOnlyList<int[]> sources, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(sources);
        Check(sources);
        var results = new IReadOnlyList<Hypothesis>[sources.Count];
        // Like lengths together: little is filled up, and sentences end at about the same step. Long ones first: memory is taken once.
        foreach (int[] batch in Enumerable.Range(0, sources.Count).OrderByDescending(i => sources[i].Length).Chunk(Options.MaxSentences))
        {
            cancellation.ThrowIfCancellationRequested();
            int[][] part = [.. batch.Select(i => sources[i])];
            // The decoder reads the first token, too: the last token of a target is never read.
            int[] limits = [.. part.Select(source => Math.Min(source.Length + Options.MaxExtraLength, _model.Options.MaxLength))];
            IReadOnlyList<Hypothesis>[] found = Options.Beam == 1
                ? [.. GreedySearch.Run(_model, part, limits, Options).Select(hypothesis => (IReadOnlyList<Hypothesis>)[hypothesis])]
                : BeamSearch.Run(_model, part, limits, Options);
            for (int i = 0; i < batch.Length; i++) results[batch[i]] = found[i];
        }
        return results;
    }

    private void Check(IReadOnlyList<int[]> sources)
    {
        if (Tape.Of(_model.Device) is not null) throw new InvalidOperationException("TransformerDecoder: a tape is open; decode without one.");
        var options = _model.Options;
        for (int i = 0; i < sources.Count; i++)
        {
            if (sources[i].Length == 0) throw new ArgumentException($"TransformerDecoder: source {i} is empty; it needs a token or more, such as the end token.", nameof(sources));
            if (sources[i].Length > options.MaxLength)
                throw new ArgumentException($"TransformerDecoder: source {i} has {sources[i].Length} tokens, but the model takes {options.MaxLength} at most; split it.", nameof(sources));
            foreach (int id in sources[i])
            {
                if (id < 0 || id >= options.SourceVocabulary)
                    throw new ArgumentException($"TransformerDecoder: source {i} has the id {id}, but the vocabulary has 0 to {options.SourceVocabulary - 1}; is it of another model?", nameof(sources));
            }
        }
    }
}
