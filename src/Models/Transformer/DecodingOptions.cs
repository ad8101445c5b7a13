namespace GpuNets.Models;

/// <summary>How targets are searched for. The defaults are the paper's.</summary>
public sealed record DecodingOptions
{
    /// <summary>Hypotheses that go on in parallel; 1 is greedy: the likeliest token at each step.</summary>
    public int Beam { get; init; } = 4;

    /// <summary>alpha of the length penalty; 0 for none.</summary>
    public double LengthPenalty { get; init; } = 0.6;

    /// <summary>A target has at most so many tokens more than its source, the end token included; MaxLength of the model is another limit.</summary>
    public int MaxExtraLength { get; init; } = 50;

    /// <summary>Hypotheses returned for each source, best first; at most Beam.</summary>
    public int Best { get; init; } = 1;

    /// <summary>Sources that are decoded together, those of like lengths first.</summary>
    public int MaxSentences { get; init; } = 64;

    /// <summary>The likeliest token at each step.</summary>
    public static DecodingOptions Greedy => new() { Beam = 1 };

    /// <summary>lp(Y) = ((5 + n) / 6)^alpha for a target of n tokens (Wu et al. 2016, as the paper uses it).</summary>
    /// <param name="length">n, the end token included.</param>
    public double Penalty(int length) => Math.Pow((5 + length) / 6.0, LengthPenalty);

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        foreach (var (name, value, least) in new[]
        {
            (nameof(Beam), Beam, 1), (nameof(MaxExtraLength), MaxExtraLength, 0), (nameof(Best), Best, 1), (nameof(MaxSentences), MaxSentences, 1),
        })
        {
            if (value < least) throw new ArgumentException($"{name} is {value} but must be at least {least}.");
        }
        if (Best > Beam) throw new ArgumentException($"Best is {Best} but a search with Beam {Beam} finds no more than that.");
        if (!(LengthPenalty >= 0) || !double.IsFinite(LengthPenalty)) throw new ArgumentException($"LengthPenalty is {LengthPenalty} but must be 0 or more.");
    }
}
