using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A model on a device with its data, loss, optimiser, evaluation and figures.</summary>
public interface IModelRun : ITrainingTask, IDisposable
{
    /// <summary>The model; prints as a tree with parameter counts.</summary>
    Module Model { get; }

    /// <summary>
    /// The run that this one is compared with, trained afterwards in the same way; null for none. It has its own parameters.
    /// </summary>
    IModelRun? Baseline { get; }

    /// <summary>Metrics on fresh data, for instance <c>bitErrorsPerSequence@40</c>. Deterministic for a seed.</summary>
    IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default);

    /// <summary>Puts saved parameters in place, without optimiser state.</summary>
    /// <exception cref="GpuNetsException">Names or shapes do not fit; nothing was changed.</exception>
    void LoadModel(StateDict model);

    /// <summary>Writes figures of what the model does to PNG files in a folder and returns their paths.</summary>
    IReadOnlyList<string> Plot(string folder);
}
