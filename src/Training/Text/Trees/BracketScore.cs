namespace GpuNets.Training;

/// <summary>What <see cref="Evalb"/> counts, of a sentence or of many; scores are per cent, 0 where there is nothing to divide by.</summary>
/// <param name="Matched">Brackets that parse and gold tree share.</param>
/// <param name="Found">Brackets of the parse.</param>
/// <param name="Gold">Brackets of the gold tree.</param>
/// <param name="Words">Words without punctuation.</param>
/// <param name="RightTags">Of those, words with the right tag.</param>
/// <param name="Exact">Sentences of which all brackets match.</param>
/// <param name="Sentences">Sentences that count.</param>
/// <param name="Skipped">Sentences that do not: their words without punctuation differ, or there are none.</param>
/// <param name="SkippedBrackets">Brackets of parses and gold trees of skipped sentences.</param>
public sealed record BracketScore(
    long Matched, long Found, long Gold, long Words, long RightTags, long Exact, long Sentences, long Skipped, long SkippedBrackets)
{
    /// <summary>Share of the parse's brackets that are right: Matched / Found.</summary>
    public double Precision => Percent(Matched, Found);

    /// <summary>Share of the gold brackets that were found: Matched / Gold.</summary>
    public double Recall => Percent(Matched, Gold);

    /// <summary>2 P R / (P + R).</summary>
    public double F1 => Percent(2 * Matched, Found + Gold);

    /// <summary><see cref="F1"/> with all brackets of skipped sentences as wrong: EVALB has no such figure, but its F1 is of little worth where many are skipped.</summary>
    public double F1OfAll => Percent(2 * Matched, Found + Gold + SkippedBrackets);

    /// <summary>Share of sentences that are right in all brackets: Exact / Sentences.</summary>
    public double ExactMatch => Percent(Exact, Sentences);

    /// <summary>Share of words with the right tag: RightTags / Words.</summary>
    public double TaggingAccuracy => Percent(RightTags, Words);

    /// <summary>Counts of both together.</summary>
    /// <param name="other">Of other sentences.</param>
    public BracketScore Add(BracketScore other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new(
            Matched + other.Matched, Found + other.Found, Gold + other.Gold, Words + other.Words, RightTags + other.RightTags, Exact + other.Exact,
            Sentences + other.Sentences, Skipped + other.Skipped, SkippedBrackets + other.SkippedBrackets);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"F1 {F1:F2} (P {Precision:F2}, R {Recall:F2}), exact {ExactMatch:F2}, tags {TaggingAccuracy:F2}, {Sentences} sentences, {Skipped} skipped";

    private static double Percent(long part, long whole) => whole == 0 ? 0 : 100.0 * part / whole;
}
