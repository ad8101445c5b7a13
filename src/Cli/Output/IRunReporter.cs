using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary>Tells how a run goes.</summary>
internal interface IRunReporter : IDisposable
{
    void Start(IModelRecipe recipe, IModelRun run, Device device, ulong seed, string folder, long steps);

    /// <param name="phase">What is being trained: the model's name or its baseline's.</param>
    /// <param name="report">The newest report.</param>
    /// <param name="steps">Updates of the whole run.</param>
    void Step(string phase, StepReport report, long steps);

    void Note(string text);

    void Final(long steps, double seconds, string folder, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> figures, bool cancelled);
}
