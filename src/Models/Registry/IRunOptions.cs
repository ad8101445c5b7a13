using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Options of a run: a record that serialises to JSON.</summary>
public interface IRunOptions
{
    /// <summary>How long to train and when to report and save.</summary>
    TrainerOptions Training { get; }
}
