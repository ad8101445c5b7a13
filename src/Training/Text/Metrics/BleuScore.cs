using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>A corpus BLEU with all that it is made of.</summary>
/// <param name="Score">0 to 100.</param>
/// <param name="Precisions">Share of n-grams that match, in per cent, smoothed, n = 1 to 4.</param>
/// <param name="BrevityPenalty">exp(1 - r / c) if the output of c words is shorter than the references of r, else 1.</param>
/// <param name="Matches">N-grams of the output that occur in a reference, each as often as there at most.</param>
/// <param name="Totals">N-grams of the output.</param>
/// <param name="HypothesisLength">Words of the output.</param>
/// <param name="ReferenceLength">Words of the references closest in length.</param>
/// <param name="Signature">How it was computed, as sacreBLEU prints it.</param>
public sealed record BleuScore(
    double Score, ImmutableArray<double> Precisions, double BrevityPenalty, ImmutableArray<long> Matches, ImmutableArray<long> Totals,
    long HypothesisLength, long ReferenceLength, string Signature)
{
    /// <summary>Words of the output to words of the references.</summary>
    public double Ratio => ReferenceLength == 0 ? 0 : (double)HypothesisLength / ReferenceLength;

    /// <summary>The line that sacreBLEU prints.</summary>
    public override string ToString() =>
        $"BLEU|{Signature} = {Score:F2} {string.Join('/', Precisions.Select(precision => $"{precision:F1}"))} "
        + $"(BP = {BrevityPenalty:F3} ratio = {Ratio:F3} hyp_len = {HypothesisLength} ref_len = {ReferenceLength})";
}
