using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Options of a run: a record that serialises to JSON.</summary>
public interface IRunOptions
{
    /// <summary>How long to train and when to report and save; of a run in stages, its first stage.</summary>
    TrainerOptions Training { get; }

    /// <summary>The same options with another number of updates; of a run in stages, of its first stage.</summary>
    IRunOptions WithSteps(long steps);
}
