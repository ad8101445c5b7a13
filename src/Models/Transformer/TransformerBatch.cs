namespace GpuNets.Models;

/// <summary>
/// Pairs of sentences for training, filled up with the pad token: the decoder reads its target shifted right by one behind the first token, and has to say
/// the target with the end token behind it.
/// </summary>
public sealed class TransformerBatch
{
    private readonly int[] _sources, _inputs, _outputs, _lengths;

    /// <summary>Makes a batch.</summary>
    /// <param name="options">The model's: ids of tokens.</param>
    /// <param name="sources">Ids of each source, none empty, as the model shall see them: with the end token if it is to have one.</param>
    /// <param name="targets">Ids of each target without first and end token; may be empty.</param>
    /// <exception cref="ArgumentException">There is no pair, their numbers differ, or a source is empty; the message names it.</exception>
    public TransformerBatch(TransformerOptions options, IReadOnlyList<int[]> sources, IReadOnlyList<int[]> targets)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(targets);
        if (sources.Count != targets.Count || sources.Count == 0)
            throw new ArgumentException($"TransformerBatch: {sources.Count} sources and {targets.Count} targets do not make pairs.", nameof(targets));
        Count = sources.Count;
        SourceTime = sources.Max(source => source.Length);
        TargetTime = targets.Max(target => target.Length) + 1;
        _lengths = TokenRows.Lengths(sources);
        _sources = TokenRows.Fill(sources, SourceTime, options.PadId);
        _inputs = TokenRows.Fill([.. targets.Select(target => (int[])[options.BosId, .. target])], TargetTime, options.PadId);
        _outputs = TokenRows.Fill([.. targets.Select(target => (int[])[.. target, options.EosId])], TargetTime, options.PadId);
        TargetTokens = targets.Sum(target => target.Length + 1);
        SourceTokens = _lengths.Sum();
    }

    /// <summary>Number of pairs.</summary>
    public int Count { get; }

    /// <summary>Tokens of the longest source.</summary>
    public int SourceTime { get; }

    /// <summary>Tokens of the longest target, the end token included.</summary>
    public int TargetTime { get; }

    /// <summary>Source tokens without padding.</summary>
    public int SourceTokens { get; }

    /// <summary>Tokens to be predicted, end tokens included: what a mean loss is the mean of.</summary>
    public int TargetTokens { get; }

    /// <summary>The sources on a device, [Count, SourceTime].</summary>
    public IndexTensor SourcesOn(Device device) => device.Indices(_sources, (Count, SourceTime));

    /// <summary>Tokens of each source, [Count].</summary>
    public IndexTensor LengthsOn(Device device) => device.Indices(_lengths, Count);

    /// <summary>What the decoder reads, [Count, TargetTime].</summary>
    public IndexTensor InputsOn(Device device) => device.Indices(_inputs, (Count, TargetTime));

    /// <summary>What it has to say, [Count, TargetTime].</summary>
    public IndexTensor OutputsOn(Device device) => device.Indices(_outputs, (Count, TargetTime));
}
