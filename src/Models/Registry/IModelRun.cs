using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A model on a device with its data, loss, optimiser, evaluation and figures.</summary>
public interface IModelRun : ITrainingTask, IDisposable
{
    /// <summary>The model; prints as a tree with parameter counts.</summary>
    Module Model { get; }

    /// <summary>The <see cref="Stage"/> of runs that others are compared with.</summary>
    const string BaselineStage = "baseline";

    /// <summary>What this run is within a whole: the folder of a run that follows another and the prefix of its metrics, for instance <c>baseline</c>.</summary>
    string Stage { get; }

    /// <summary>How long this run trains and when it reports and saves.</summary>
    TrainerOptions Training { get; }

    /// <summary>
    /// The run that is trained after this one, with parameters of its own: a later stage, which starts from what this one has learned when the
    /// property is read first, or the baseline it is compared with; null for none.
    /// </summary>
    IModelRun? Following { get; }

    /// <summary>Metrics on fresh data, for instance <c>bitErrorsPerSequence@40</c>. Deterministic for a seed.</summary>
    IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default);

    /// <summary>Puts saved parameters in place, without optimiser state.</summary>
    /// <exception cref="GpuNetsException">Names or shapes do not fit; nothing was changed.</exception>
    void LoadModel(StateDict model);

    /// <summary>Writes figures of what the model does to PNG files in a folder and returns their paths.</summary>
    IReadOnlyList<string> Plot(string folder);
}
