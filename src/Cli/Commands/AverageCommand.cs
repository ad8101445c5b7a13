using System.CommandLine;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary><c>gpunets average RUN --last 5 --out FOLDER</c>: the mean of the newest checkpoints, as a run that can be evaluated and used.</summary>
internal static class AverageCommand
{
    public static Command Create(TextWriter output)
    {
        var run = new Argument<string>("run") { Description = "Folder of a run." };
        var last = new Option<int>("--last") { Description = "How many of the newest checkpoints.", DefaultValueFactory = _ => 5 };
        var folder = new Option<string>("--out") { Description = "Folder for the averaged run.", Required = true };
        var command = new Command("average", "Averages the newest checkpoints of a run, parameter by parameter.") { run, last, folder };
        command.SetAction(parsed => Run(parsed.GetRequiredValue(run), parsed.GetValue(last), parsed.GetRequiredValue(folder), output));
        return command;
    }

    private static int Run(string path, int last, string target, TextWriter output)
    {
        using var device = Device.Open("cpu");
        using var trained = TrainedRun.Open(path, device);
        var model = CheckpointAverage.OfLast(trained.Folder, last);
        var folder = RunFolder.Create(target, trained.Folder.ReadOptions<RunSettings>());
        (trained.Run as IRunFiles)?.SaveFiles(folder.Path);
        new CheckpointFolder(folder.CheckpointsFolder).Save(trained.Checkpoint with { Model = model, Folder = null });
        output.WriteLine($"{target}: mean of {last} checkpoints of {trained.Folder.Path} up to update {trained.Checkpoint.Run.Step}");
        return 0;
    }
}
