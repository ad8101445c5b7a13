using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary>Reports as JSON lines: kinds <c>start</c>, <c>step</c> and <c>final</c>.</summary>
internal sealed class JsonReporter(TextWriter output) : IRunReporter
{
    private readonly JsonLines _lines = new(output);

    public void Start(IModelRecipe recipe, IModelRun run, Device device, ulong seed, string folder, long steps) => _lines.Write(new
    {
        kind = "start",
        model = recipe.Name,
        device = device.Info.Id,
        deviceName = device.Name,
        seed,
        steps,
        options = run.Options,
        parameterCount = run.Model.ParameterCount,
        runFolder = folder,
    });

    public void Step(string phase, StepReport report, long steps) => _lines.Write(new
    {
        kind = "step",
        phase,
        step = report.Step,
        loss = report.Loss,
        metrics = report.Metrics,
        stepsPerSecond = report.StepsPerSecond,
    });

    public void Note(string text) { }

    public void Final(long steps, double seconds, string folder, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> figures, bool cancelled) =>
        _lines.Write(new { kind = "final", steps, seconds, runFolder = folder, metrics, figures, cancelled });

    public void Dispose() { }
}
