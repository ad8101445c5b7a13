namespace GpuNets.Training;

/// <summary>Everything needed to go on with a run as if it had never stopped.</summary>
/// <param name="Model">The parameters.</param>
/// <param name="Optimizer">The optimiser's moments and counters.</param>
/// <param name="Run">Step, seed, options.</param>
public sealed record Checkpoint(StateDict Model, StateDict Optimizer, RunRecord Run)
{
    internal const string ModelFile = "model.safetensors";
    internal const string OptimizerFile = "optimizer.safetensors";
    internal const string RunFile = "run.json";

    /// <summary>The folder it was read from; null for one that was never saved.</summary>
    public string? Folder { get; init; }
}
