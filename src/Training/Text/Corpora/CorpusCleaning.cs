namespace GpuNets.Training;

/// <summary>Which pairs of a corpus are kept. Defaults are those of the common recipe: 1 to 250 words, lengths within a factor of 1.5.</summary>
public sealed record CorpusCleaning
{
    /// <summary>Fewest words of either side.</summary>
    public int MinimumLength { get; init; } = 1;

    /// <summary>Most words of either side.</summary>
    public int MaximumLength { get; init; } = 250;

    /// <summary>How many times as many words as the shorter side the longer may have.</summary>
    public double MaximumRatio { get; init; } = 1.5;

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(MinimumLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumLength, Math.Max(MinimumLength, 1));
        if (!(MaximumRatio >= 1)) throw new ArgumentOutOfRangeException(nameof(MaximumRatio), MaximumRatio, "CorpusCleaning: MaximumRatio must be 1 or more.");
    }
}
