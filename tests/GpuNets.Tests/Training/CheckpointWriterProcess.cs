using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>
/// Another process that writes checkpoints until it is killed. It is the test program itself: an environment variable makes
/// it write instead of testing.
/// </summary>
internal static class CheckpointWriterProcess
{
    private const string Variable = "GPUNETS_TEST_WRITE_CHECKPOINTS";

    public static Process Start(string folder) => Start(Variable, folder);

    /// <summary>Starts the test program with one environment variable set.</summary>
    public static Process Start(string variable, string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "GpuNets.Tests" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        start.Environment[variable] = folder;
        return Process.Start(start)!;
    }

    /// <summary>A checkpoint whose every value follows from its step.</summary>
    public static Checkpoint Make(long step)
    {
        var model = new StateDict();
        for (int i = 0; i < 4; i++)
            model.Add(StateTensor.From($"layer{i}.weight", [200, 50], [.. Enumerable.Range(0, 10_000).Select(j => (float)(step + i + j))]));
        var optimizer = new StateDict();
        optimizer.Add(StateTensor.From("step", [], [step]));
        return new Checkpoint(model, optimizer, new RunRecord { Task = "kill test", Step = step, Seed = 1 });
    }

    [ModuleInitializer]
    internal static void WriteUntilKilled()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } path) return;
        var folder = new CheckpointFolder(path, keep: 2);
        for (long step = (folder.LoadLatest()?.Run.Step ?? 0) + 1; ; step++)
        {
            folder.Save(Make(step));
            Console.WriteLine(step.ToString(CultureInfo.InvariantCulture));
        }
    }
}
