namespace GpuNets.Training;

/// <summary>What one update measured.</summary>
/// <param name="Loss">The loss of the update's batch, before the update.</param>
/// <param name="Metrics">Further measures by name; null for none.</param>
public readonly record struct StepResult(double Loss, IReadOnlyDictionary<string, double>? Metrics = null);
