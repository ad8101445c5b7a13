namespace GpuNets.Training;

/// <summary>What cleaning a corpus kept and dropped; a pair is counted under the first reason.</summary>
/// <param name="Kept">Pairs that stay.</param>
/// <param name="TooShort">Pairs of which a side has too few words: mostly empty lines.</param>
/// <param name="TooLong">Pairs of which a side has too many words.</param>
/// <param name="Unbalanced">Pairs whose lengths differ by more than the ratio.</param>
public readonly record struct CleaningReport(int Kept, int TooShort, int TooLong, int Unbalanced)
{
    /// <summary>Pairs that went.</summary>
    public int Dropped => TooShort + TooLong + Unbalanced;

    /// <inheritdoc/>
    public override string ToString() => $"{Kept} pairs kept, {Dropped} dropped ({TooShort} too short, {TooLong} too long, {Unbalanced} unbalanced)";
}
