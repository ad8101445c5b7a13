namespace GpuNets.Training;

/// <summary>How pairs of sentences become batches.</summary>
public sealed record TokenBatchOptions
{
    /// <summary>
    /// Most ids of a side of a batch, padding included (rows times length); a batch then holds pairs of about the same length. 0 for none:
    /// <see cref="Sentences"/> alone counts.
    /// </summary>
    public int Tokens { get; init; } = 4096;

    /// <summary>Most pairs of a batch; 0 for none.</summary>
    public int Sentences { get; init; }

    /// <summary>Lengths are rounded up to a multiple of this: fewer shapes, more padding.</summary>
    public int LengthMultiple { get; init; } = 1;

    /// <summary>
    /// With <see cref="Sentences"/> alone: so many batches are drawn at random together and sorted by length among themselves. 1 does not sort.
    /// </summary>
    public int Pool { get; init; } = 100;

    /// <summary>Put the begin mark before source sentences.</summary>
    public bool SourceBegin { get; init; }

    /// <summary>Put the end mark after source sentences, as most translation systems do.</summary>
    public bool SourceEnd { get; init; } = true;

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Tokens);
        ArgumentOutOfRangeException.ThrowIfLessThan(Sentences, Tokens > 0 ? 0 : 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(LengthMultiple, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Pool, 1);
    }
}
