using GpuNets.Training;

namespace GpuNets.Tests.Training;

public sealed class KilledTrainerTests
{
    [Fact(Timeout = 120_000)]
    public async Task A_run_killed_again_and_again_ends_with_the_numbers_of_one_that_was_not()
    {
        using var temp = new TempFolder();
        var random = new Random(5);
        int kills = 0;
        for (bool done = false; !done;)
        {
            using var process = TrainerProcess.Start(temp.Path);
            await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
            if (kills < 4)
            {
                // Killed anywhere: at work, while writing metrics, while saving or removing a checkpoint.
                await Task.Delay(random.Next(120), TestContext.Current.CancellationToken);
                process.Kill();
                kills++;
            }
            await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            done = process.ExitCode == 0;
        }

        var whole = new Walk();
        var losses = new Trainer(whole, new TrainerOptions { Steps = TrainerProcess.Steps, ReportEvery = 1 })
            .Run(TestContext.Current.CancellationToken).Select(r => (r.Step, r.Loss)).ToList();
        var folder = RunFolder.Open(temp.Path);
        var last = new CheckpointFolder(folder.CheckpointsFolder).LoadLatest()!;
        Assert.Equal(4, kills);
        Assert.Equal(TrainerProcess.Steps, last.Run.Step);
        Assert.Equal(whole.Weight, last.Model["weight"].ToFloats()[0]);
        Assert.Equal(losses, folder.ReadMetrics().Select(l => (l.Step, l.Loss)));
    }
}
