namespace GpuNets.Training;

/// <summary>How training stands after an update.</summary>
/// <param name="Step">Updates done.</param>
/// <param name="Loss">The loss of the last update's batch.</param>
/// <param name="Metrics">Further measures by name.</param>
/// <param name="StepsPerSecond">Updates per second since the last report, without the time that the caller took.</param>
/// <param name="Elapsed">Time spent in updates since the start of the run, over all its parts.</param>
/// <param name="Remaining">Time that the remaining updates will take at the average speed of this part of the run.</param>
/// <param name="Checkpoint">The checkpoint written after this update, or null.</param>
/// <param name="Best">Whether the watched measure (<see cref="TrainerOptions.EarlyStopping"/>) is better than ever before.</param>
public sealed record StepReport(
    long Step, double Loss, IReadOnlyDictionary<string, double> Metrics, double StepsPerSecond,
    TimeSpan Elapsed, TimeSpan Remaining, string? Checkpoint, bool Best = false);
