namespace GpuNets.Training;

/// <summary>How a vocabulary of words is taken from a corpus.</summary>
public sealed record WordTokenizerOptions
{
    /// <summary>How lines become words.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>Words that occur less often are unknown.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Most ids, special ones included: the most frequent words stay.</summary>
    public int MaximumSize { get; init; } = int.MaxValue;

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Text);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumFrequency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaximumSize, Vocabulary.SpecialCount + 1);
    }
}
