namespace GpuNets.Models;

/// <content>The loss of training, scores of known targets, weights of attention.</content>
public sealed partial class Transformer
{
    /// <summary>Logits up to this many floats (128 MB) are kept for their gradient; more are made in chunks, twice.</summary>
    private const long KeptLogits = 1L << 25;

    /// <summary>Cross-entropy with label smoothing: the mean over the target tokens that are not padding.</summary>
    /// <param name="batch">Pairs of sentences.</param>
    /// <param name="smoothing">Label smoothing in [0, 1); null: that of the options. Give 0 for the loss whose exponential is the perplexity.</param>
    /// <param name="reduction">Mean or sum over tokens, or the loss of each, [pairs, target time], 0 at padding.</param>
    /// <param name="keptLogits">Most logits that are held at once; null: 2^25.</param>
    /// <exception cref="ShapeException">A sequence is longer than MaxLength, or an id is out of range.</exception>
    public Tensor Loss(TransformerBatch batch, float? smoothing = null, LossReduction reduction = LossReduction.Mean, long? keptLogits = null)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return Loss(
            batch.SourcesOn(Device), batch.LengthsOn(Device), batch.InputsOn(Device), batch.OutputsOn(Device), smoothing, reduction, keptLogits);
    }

    /// <summary><see cref="Loss(TransformerBatch, float?, LossReduction, long?)"/> of tensors that are on the device already, as a captured step has them.</summary>
    /// <param name="source">Ids, [batch, time].</param>
    /// <param name="lengths">Tokens of each source, [batch].</param>
    /// <param name="input">What the decoder reads, [batch, target time].</param>
    /// <param name="output">What it has to say, [batch, target time]; the pad token does not count.</param>
    /// <param name="smoothing">Label smoothing in [0, 1); null: that of the options.</param>
    /// <param name="reduction">Mean or sum over tokens, or the loss of each.</param>
    /// <param name="keptLogits">Most logits that are held at once; null: 2^25.</param>
    /// <exception cref="ShapeException">A shape does not fit, a sequence is longer than MaxLength, or an id is out of range.</exception>
    public Tensor Loss(
        IndexTensor source, IndexTensor lengths, IndexTensor input, IndexTensor output, float? smoothing = null,
        LossReduction reduction = LossReduction.Mean, long? keptLogits = null)
    {
        float share = smoothing ?? Options.LabelSmoothing;
        if (!(share is >= 0f and < 1f)) throw new ArgumentOutOfRangeException(nameof(smoothing), share, "Transformer: label smoothing must lie in [0, 1).");
        if (Options.SmoothingForm == LabelSmoothingForm.OthersButPad && share * Options.TargetVocabulary > Options.TargetVocabulary - 2)
            throw new ArgumentOutOfRangeException(nameof(smoothing), share, $"Transformer: label smoothing without the pad token must be at most (V - 2) / V, V being {Options.TargetVocabulary}.");
        var states = Decode(input, Encode(source, lengths), lengths);
        int classes = Options.TargetVocabulary;
        return Options.SmoothingForm switch
        {
            _ when share == 0 => Loss(states, output, 0, reduction, keptLogits),
            LabelSmoothingForm.AllClasses => Loss(states, output, share, reduction, keptLogits),
            // The library gives s / V to all classes. With s V / (V - 1) for s that is s / (V - 1) to the others and 1 - s to the label.
            LabelSmoothingForm.OthersOnly => Loss(states, output, Math.Min(1, share * classes / (classes - 1)), reduction, keptLogits),
            _ => LossWithoutPad(states, output, share, reduction, keptLogits),
        };
    }

    /// <summary>The loss with s / V to each class.</summary>
    private Tensor Loss(Tensor states, IndexTensor output, float share, LossReduction reduction, long? keptLogits) =>
        (long)output.Count * Options.TargetVocabulary <= (keptLogits ?? KeptLogits)
            ? Logits(states).CrossEntropy(output, Options.PadId, share, reduction)
            : states.LinearCrossEntropy(OutputWeight, output, _outputBias, Options.PadId, share, reduction, ChunkRows(keptLogits));

    /// <summary>
    /// The loss with u = s / (V - 2) to each class but label and pad token. From u to each class the pad token's part goes to the label: u (x[pad] - x[label]) more, since
    /// both logarithms have the same normaliser. That is 0 where the label is the pad token.
    /// </summary>
    private Tensor LossWithoutPad(Tensor states, IndexTensor output, float share, LossReduction reduction, long? keptLogits)
    {
        int classes = Options.TargetVocabulary;
        float each = share / (classes - 2);
        var losses = Loss(states, output, Math.Min(1, each * classes), LossReduction.None, keptLogits);
        var moved = ((OutputWeight[Options.PadId] - OutputWeight.IndexSelect(0, output)) * states).Sum(-1);
        if (_outputBias is not null) moved += _outputBias[Options.PadId] - _outputBias.IndexSelect(0, output);
        losses += each * moved;
        return reduction switch
        {
            LossReduction.None => losses,
            LossReduction.Sum => losses.Sum(),
            _ => losses.Sum() / _counts!.IndexSelect(0, output).Sum(),
        };
    }

    /// <summary>Natural logarithms of the probabilities of known targets, token by token, the end token last.</summary>
    /// <param name="sources">Ids of each source, none empty.</param>
    /// <param name="targets">Ids of each target without first and end token.</param>
    /// <returns>A number for each token of each target and its end.</returns>
    /// <exception cref="ArgumentException">There is no pair, their numbers differ, or a source is empty.</exception>
    /// <exception cref="ShapeException">A sequence is longer than MaxLength, or an id is out of range.</exception>
    public IReadOnlyList<float[]> Score(IReadOnlyList<int[]> sources, IReadOnlyList<int[]> targets)
    {
        var batch = new TransformerBatch(Options, sources, targets);
        using var scope = Device.Scope();
        float[] losses = Loss(batch, 0, LossReduction.None).ToArray();
        return [.. targets.Select((target, i) => Array.ConvertAll(losses.AsSpan(i * batch.TargetTime, target.Length + 1).ToArray(), loss => -loss))];
    }

    /// <summary>Where each head looks while a known target is said.</summary>
    /// <param name="source">Ids, at least one.</param>
    /// <param name="target">Ids without first and end token.</param>
    /// <exception cref="ArgumentException">The source is empty.</exception>
    /// <exception cref="ShapeException">A sequence is longer than MaxLength, or an id is out of range.</exception>
    public AttentionMaps Attend(int[] source, int[] target)
    {
        var batch = new TransformerBatch(Options, [source], [target]);
        using var scope = Device.Scope();
        List<float[]> encoder = [], decoder = [], cross = [];
        var lengths = batch.LengthsOn(Device);
        var memory = Encode(batch.SourcesOn(Device), lengths, weights => encoder.Add(weights.ToArray()));
        Decode(batch.InputsOn(Device), memory, lengths, weights => decoder.Add(weights.ToArray()), weights => cross.Add(weights.ToArray()));
        return new AttentionMaps(Options.Heads, batch.SourceTime, batch.TargetTime, encoder, decoder, cross);
    }

    private int? ChunkRows(long? kept) => kept is null ? null : (int)Math.Max(1, kept.Value / Options.TargetVocabulary);
}
