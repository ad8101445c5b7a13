using System.CommandLine;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary><c>gpunets eval FOLDER</c>: loads the newest checkpoint of a run, or the best if it watches a measure, evaluates on fresh data and draws.</summary>
internal static class EvalCommand
{
    public static Command Create(TextWriter output, TextWriter error)
    {
        var folder = new Argument<string>("run") { Description = "Folder of a run." };
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var bleu = new Option<bool>("--bleu") { Description = "Of a run that translates or parses: the scores of what it says alone, and no pictures." };
        var command = new Command("eval", "Evaluates a run on fresh data: its best checkpoint if it watches a measure, else its newest.") { folder, device, bleu, json };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(folder), parsed.GetValue(device), parsed.GetValue(bleu), parsed.GetValue(json), output, error));
        return command;
    }

    private static int Run(string path, string? deviceName, bool bleu, bool json, TextWriter output, TextWriter error)
    {
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(deviceName);
        using var trained = TrainedRun.Open(path, device);
        var (run, folder, checkpoint) = (trained.Run, trained.Folder, trained.Checkpoint);
        if (bleu && run is not ITranslator) throw new ArgumentException($"{path} is a run of {trained.Recipe.Name}, which does not translate: leave --bleu out.");
        using IRunReporter reporter = json ? new JsonReporter(output) : new TerminalReporter(output);
        reporter.Start(trained.Recipe, run, device, trained.Seed, folder.Path, checkpoint.Run.Step);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var metrics = bleu ? ((ITranslator)run).ScoreTranslations(interrupt.Token) : run.Evaluate(interrupt.Token);
        var figures = bleu ? [] : run.Plot(folder.PlotsFolder);
        reporter.Final(checkpoint.Run.Step, watch.Elapsed.TotalSeconds, folder.Path, metrics, figures, cancelled: false);
        return 0;
    }
}
