namespace GpuNets.Models;

/// <summary>All experiments that can be run by name.</summary>
public static class ExperimentRegistry
{
    /// <summary>The experiments, in order of their names.</summary>
    public static IReadOnlyList<IExperiment> All { get; } =
    [
        new ApronedExperiment(),
        new SegmentationExperiment(),
        new MoleculesExperiment(),
    ];

    /// <summary>The experiment of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static IExperiment Find(string name) =>
        All.FirstOrDefault(experiment => experiment.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"there is no experiment '{name}'; there is {string.Join(", ", All.Select(experiment => experiment.Name))}.");
}
