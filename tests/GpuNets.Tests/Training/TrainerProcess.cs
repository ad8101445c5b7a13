using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>Another process that trains a <see cref="Walk"/>, taking up what an earlier one left; see <see cref="CheckpointWriterProcess"/>.</summary>
internal static class TrainerProcess
{
    public const int Steps = 300;

    private const string Variable = "GPUNETS_TEST_TRAIN";

    public static Process Start(string folder) => CheckpointWriterProcess.Start(Variable, folder);

    [ModuleInitializer]
    internal static void TrainUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } path) return;
        var folder = File.Exists(Path.Combine(path, "options.json")) ? RunFolder.Open(path) : RunFolder.Create(path, new { Steps });
        var trainer = new Trainer(
            new Walk { OnStep = _ => Thread.Sleep(2) }, new TrainerOptions { Steps = Steps, ReportEvery = 1, CheckpointEvery = 15 }, folder);
        trainer.Resume();
        foreach (var report in trainer.Run()) Console.WriteLine(report.Step.ToString(CultureInfo.InvariantCulture));
        Environment.Exit(0);
    }
}
