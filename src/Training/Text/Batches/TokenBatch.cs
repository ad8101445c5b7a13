namespace GpuNets.Training;

/// <summary>
/// Pairs of sentences as a sequence-to-sequence model takes them, on the host. Decoder input and targets are the same sentence, one with
/// <see cref="Vocabulary.Bos"/> before it, the other with <see cref="Vocabulary.Eos"/> after it.
/// </summary>
/// <param name="Samples">Which pairs of the corpus they are.</param>
/// <param name="Source">Sentences to translate. [rows, source length]</param>
/// <param name="DecoderInput">What the decoder has seen at each place. [rows, target length]</param>
/// <param name="Targets">What it should say there; padding does not count. [rows, target length]</param>
public sealed record TokenBatch(IReadOnlyList<int> Samples, TokenRows Source, TokenRows DecoderInput, TokenRows Targets)
{
    /// <summary>Number of pairs.</summary>
    public int Rows => Samples.Count;

    /// <summary>Source ids that are no padding.</summary>
    public int SourceTokens => Source.Tokens;

    /// <summary>Targets that are no padding, ends of sentences included: what a mean loss divides by.</summary>
    public int TargetTokens => Targets.Tokens;
}
