namespace GpuNets.Training;

/// <summary>One line of a metrics file.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Loss">The loss of that update.</param>
/// <param name="Metrics">Further measures by name.</param>
/// <param name="StepsPerSecond">Updates per second since the line before.</param>
/// <param name="Seconds">Seconds spent in updates since the start of the run.</param>
public sealed record MetricsLine(
    long Step, double Loss, IReadOnlyDictionary<string, double> Metrics, double StepsPerSecond, double Seconds);
