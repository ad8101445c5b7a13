namespace GpuNets.Training;

/// <summary>How byte pairs are learned.</summary>
public sealed record BpeOptions
{
    /// <summary>How lines become words.</summary>
    public TextOptions Text { get; init; } = new();

    /// <summary>Ids to end with: special ones, each character inside and at the end of a word, then a token a merge.</summary>
    public int VocabularySize { get; init; } = 10_000;

    /// <summary>Pairs that occur less often are not merged.</summary>
    public int MinimumFrequency { get; init; } = 2;

    /// <summary>Characters that occur less often are unknown: for corpora with stray lines in other scripts.</summary>
    public int MinimumCharacterFrequency { get; init; } = 1;

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentNullException.ThrowIfNull(Text);
        ArgumentOutOfRangeException.ThrowIfLessThan(VocabularySize, Vocabulary.SpecialCount + 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumFrequency, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MinimumCharacterFrequency, 1);
    }
}
