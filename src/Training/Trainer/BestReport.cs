namespace GpuNets.Training;

/// <summary>The best report of a run so far.</summary>
/// <param name="Metric">The measure that is watched.</param>
/// <param name="Value">Its best value.</param>
/// <param name="Step">Updates done when it was reached.</param>
/// <param name="ReportsSince">Reports with the measure since then, none of them better.</param>
public sealed record BestReport(string Metric, double Value, long Step, int ReportsSince);
