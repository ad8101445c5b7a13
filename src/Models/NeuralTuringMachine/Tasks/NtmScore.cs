namespace GpuNets.Models;

/// <summary>How good outputs are.</summary>
/// <param name="Sequences">Number of sequences that were measured.</param>
/// <param name="Bits">Cross-entropy in bits per sequence.</param>
/// <param name="BitErrors">Wrong bits per sequence at threshold 0.5.</param>
/// <param name="Exact">Part of the sequences without a wrong bit.</param>
public sealed record NtmScore(int Sequences, double Bits, double BitErrors, double Exact)
{
    /// <summary>The score over several batches together.</summary>
    public static NtmScore Join(IReadOnlyCollection<NtmScore> scores)
    {
        int count = scores.Sum(score => score.Sequences);
        double Mean(Func<NtmScore, double> value) => scores.Sum(score => value(score) * score.Sequences) / count;
        return new NtmScore(count, Mean(score => score.Bits), Mean(score => score.BitErrors), Mean(score => score.Exact));
    }
}
