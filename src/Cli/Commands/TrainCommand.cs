using System.CommandLine;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary><c>gpunets train MODEL</c>: trains, saves checkpoints, evaluates, draws.</summary>
internal static class TrainCommand
{
    private sealed record Request(
        string? Model, string? Preset, string? Device, ulong Seed, long? Steps, IReadOnlyList<string> Set, string? Out, string? Resume, bool Json, bool NoBaseline);

    public static Command Create(TextWriter output, TextWriter error)
    {
        var model = new Argument<string?>("model") { Description = "What to train; 'gpunets models' lists them.", Arity = ArgumentArity.ZeroOrOne };
        var preset = new Option<string?>("--preset") { Description = "Named settings; 'gpunets models MODEL' shows them." };
        var device = SharedOptions.Device();
        var seed = SharedOptions.Seed();
        var steps = new Option<long?>("--steps") { Description = "Updates of the whole run." };
        var target = new Option<string?>("--target") { Description = "What to predict (qm9): mu, R2, ..., some with commas between them, or all." };
        var set = new Option<string[]>("--set") { Description = "Option=value, as often as needed.", DefaultValueFactory = _ => [] };
        var folder = new Option<string?>("--out") { Description = "Run folder (default: runs/MODEL-time)." };
        var resume = new Option<string?>("--resume") { Description = "Go on with the run in this folder." };
        var noBaseline = new Option<bool>("--no-baseline") { Description = "Do not train the model that this one is compared with." };
        var json = SharedOptions.Json();
        var command = new Command("train", "Trains a model, evaluates it and draws what it does.")
        {
            model, preset, device, seed, steps, target, set, folder, resume, noBaseline, json,
        };
        command.SetAction(parsed => Run(
            new Request(
                parsed.GetValue(model), parsed.GetValue(preset), parsed.GetValue(device), parsed.GetValue(seed), parsed.GetValue(steps),
                [.. parsed.GetValue(target) is { } name ? [$"Data.Targets={name}"] : (string[])[], .. parsed.GetValue(set) ?? []], parsed.GetValue(folder), parsed.GetValue(resume), parsed.GetValue(json), parsed.GetValue(noBaseline)),
            output, error));
        return command;
    }

    private static int Run(Request request, TextWriter output, TextWriter error)
    {
        var (recipe, options, seed) = Settle(request);
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(request.Device);
        using var run = recipe.Open(device, options, seed, request.Resume);   // before the folder: options that do not fit leave nothing behind
        var folder = Folder(request, recipe, options, seed);
        if (request.Resume is null) (run as IRunFiles)?.SaveFiles(folder.Path);
        using IRunReporter reporter = request.Json ? new JsonReporter(output) : new TerminalReporter(output);
        reporter.Start(recipe, run, device, seed, folder.Path, run.Training.Steps);

        var metrics = new Dictionary<string, double>();
        var figures = new List<string>();
        (long steps, double seconds) = (0, 0);
        for (var stage = run; stage is not null; stage = Following(stage, request))
        {
            bool isFirst = stage == run, resume = request.Resume is not null;
            var stageFolder = folder;
            if (!isFirst)
            {
                reporter.Note($"{stage.Stage}: {stage.Model}");
                string path = Path.Combine(folder.Path, stage.Stage);
                resume = Directory.Exists(path);
                stageFolder = resume ? RunFolder.Open(path) : RunFolder.Create(path, RunSettings.Of(recipe, options, seed, stage.Stage));
            }
            var trainer = Train(stage, stageFolder, reporter, resume, interrupt.Token);
            seconds += trainer.Elapsed.TotalSeconds;
            if (isFirst) steps = trainer.Step;
            if (trainer.Cancelled)
            {
                reporter.Final(steps, seconds, folder.Path, metrics, figures, cancelled: true);
                return 0;
            }
            if (stage.Training.EarlyStopping is { Metric: not null, KeepBest: true } && new CheckpointFolder(stageFolder.BestFolder).LoadLatest() is { } best) stage.LoadModel(best.Model);
            foreach (var (name, value) in stage.Evaluate(interrupt.Token)) metrics[isFirst ? name : $"{stage.Stage}.{name}"] = value;
            if (stageFolder.ReadMetrics().Count > 0) figures.Add(LossCurve(stageFolder, stage.Name));
            figures.AddRange(stage.Plot(stageFolder.PlotsFolder));
        }
        AtomicFile.WriteText(Path.Combine(folder.Path, "evaluation.json"), System.Text.Json.JsonSerializer.Serialize(metrics, RunRecord.Json));
        reporter.Final(steps, seconds, folder.Path, metrics, figures, cancelled: false);
        return 0;
    }

    private static IModelRun? Following(IModelRun stage, Request request) =>
        stage.Following is { } next && !(request.NoBaseline && next.Stage == IModelRun.BaselineStage) ? next : null;

    private static (IModelRecipe Recipe, IRunOptions Options, ulong Seed) Settle(Request request)
    {
        if (request.Resume is { } path)
        {
            if (request.Model is not null || request.Preset is not null || request.Out is not null || request.Set.Count > 0)
                throw new ArgumentException("--resume takes model, preset, options and folder from the run: give it --steps, --device or nothing else.");
            var settings = RunFolder.Open(path).ReadOptions<RunSettings>();
            var (recipe, saved) = settings.Read();
            return (recipe, WithSteps(saved, request.Steps), settings.Seed);
        }
        if (request.Model is null) throw new ArgumentException($"train needs a model: {string.Join(", ", ModelRegistry.All.Select(r => r.Name))}.");
        var found = ModelRegistry.Find(request.Model);
        var options = found.CreateOptions(request.Preset ?? found.Presets[0]);
        foreach (string assignment in request.Set) options = RunOptionsEditor.Set(options, assignment);
        return (found, WithSteps(options, request.Steps), request.Seed);
    }

    private static IRunOptions WithSteps(IRunOptions options, long? steps) => steps is { } count ? options.WithSteps(count) : options;

    private static RunFolder Folder(Request request, IModelRecipe recipe, IRunOptions options, ulong seed)
    {
        if (request.Resume is not null) return RunFolder.Open(request.Resume);
        var settings = RunSettings.Of(recipe, options, seed);
        return request.Out is not null ? RunFolder.Create(request.Out, settings) : RunFolder.CreateUnder("runs", recipe.Name, settings);
    }

    private static Trainer Train(
        IModelRun run, RunFolder folder, IRunReporter reporter, bool resume, CancellationToken cancellation)
    {
        var trainer = new Trainer(run, run.Training, folder);
        if (resume) trainer.Resume();
        foreach (var report in trainer.Run(cancellation)) reporter.Step(run.Name, report, run.Training.Steps);
        return trainer;
    }

    private static string LossCurve(RunFolder folder, string name)
    {
        var metrics = folder.ReadMetrics();
        string path = Path.Combine(folder.PlotsFolder, "loss.png");
        new CurvePlot { Title = name, Logarithmic = true }
            .Save(path, new Curve("loss", [.. metrics.Select(line => (double)line.Step)], [.. metrics.Select(line => line.Loss)]));
        return path;
    }
}
