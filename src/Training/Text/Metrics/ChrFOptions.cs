namespace GpuNets.Training;

/// <summary>How chrF is computed. Defaults are those of sacreBLEU: chrF2.</summary>
public sealed record ChrFOptions
{
    /// <summary>Longest n-grams of characters.</summary>
    public int CharacterOrder { get; init; } = 6;

    /// <summary>Longest n-grams of words; 2 gives chrF++, 0 none.</summary>
    public int WordOrder { get; init; }

    /// <summary>How much more recall weighs than precision.</summary>
    public int Beta { get; init; } = 2;

    /// <summary>Compare in lower case.</summary>
    public bool LowerCase { get; init; }

    /// <summary>chrF++: words in pairs too.</summary>
    public static ChrFOptions PlusPlus { get; } = new() { WordOrder = 2 };

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(CharacterOrder, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WordOrder);
        ArgumentOutOfRangeException.ThrowIfLessThan(Beta, 1);
    }
}
