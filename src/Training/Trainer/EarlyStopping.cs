namespace GpuNets.Training;

/// <summary>
/// Which measure tells how good a model is: the best one is kept apart, and training ends when it gets no better. What was reached is part
/// of the checkpoints, so a resumed run stops where an unbroken one would.
/// </summary>
public sealed record EarlyStopping
{
    /// <summary>
    /// Name of a metric of the reports, such as <c>validation perplexity</c>, or <c>loss</c>; null watches nothing. Reports that lack it do not
    /// count.
    /// </summary>
    public string? Metric { get; init; }

    /// <summary>Whether more is better, as for BLEU.</summary>
    public bool HigherIsBetter { get; init; }

    /// <summary>Training ends after so many reports in a row without a better value; 0 never ends it.</summary>
    public int Patience { get; init; }

    /// <summary>By how much a value must be better to count; NaN is never better.</summary>
    public double MinimumChange { get; init; }

    /// <summary>Keep the checkpoint of the best report in <see cref="RunFolder.BestFolder"/>.</summary>
    public bool KeepBest { get; init; } = true;

    /// <summary>Refuses what makes no sense.</summary>
    /// <exception cref="ArgumentException">Patience without a metric.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Patience);
        if (!(MinimumChange >= 0)) throw new ArgumentOutOfRangeException(nameof(MinimumChange), MinimumChange, "EarlyStopping: MinimumChange must be 0 or more.");
        if (Patience > 0 && string.IsNullOrEmpty(Metric)) throw new ArgumentException("EarlyStopping: Patience needs a Metric to watch.");
    }

    /// <summary>Whether a run that stands so has had enough.</summary>
    internal bool IsOver(BestReport? best) => Patience > 0 && best is not null && best.Metric == Metric && best.ReportsSince >= Patience;

    /// <summary>What a report makes of the best one so far; the same object when it lacks the metric.</summary>
    internal BestReport? Next(BestReport? best, long step, double loss, IReadOnlyDictionary<string, double> metrics)
    {
        if (Metric is null) return best;
        if (best?.Metric != Metric) best = null;   // of a run that watched something else
        double value = loss;
        if (Metric != "loss" && !metrics.TryGetValue(Metric, out value)) return best;
        if (best is null) return double.IsNaN(value) ? null : new BestReport(Metric, value, step, 0);
        double gain = HigherIsBetter ? value - best.Value : best.Value - value;
        return gain > MinimumChange ? new BestReport(Metric, value, step, 0) : best with { ReportsSince = best.ReportsSince + 1 };
    }
}
