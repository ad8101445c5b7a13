using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>The trainer's own behaviour, with a task whose every number follows from seed and update.</summary>
public sealed class TrainerTests
{
    private static TrainerOptions Options(long steps, long reportEvery = 3, long checkpointEvery = 0) =>
        new() { Steps = steps, ReportEvery = reportEvery, CheckpointEvery = checkpointEvery };

    [Fact(Timeout = 20_000)]
    public async Task Twenty_steps_equal_ten_and_a_resume_and_ten()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var whole = new Walk();
        var reports = new Trainer(whole, Options(20)).Run(TestContext.Current.CancellationToken).ToList();

        var folder = RunFolder.Create(temp.Path, new { });
        _ = new Trainer(new Walk(), Options(10), folder).Run(TestContext.Current.CancellationToken).Count();
        var resumed = new Walk();
        var trainer = new Trainer(resumed, Options(20), folder);
        Assert.True(trainer.Resume());
        Assert.Equal(10, trainer.Step);
        var rest = trainer.Run(TestContext.Current.CancellationToken).ToList();

        Assert.Equal(BitConverter.SingleToInt32Bits(whole.Weight), BitConverter.SingleToInt32Bits(resumed.Weight));
        Assert.Equal([3, 6, 9, 12, 15, 18, 20], reports.Select(r => r.Step));
        Assert.Equal([12, 15, 18, 20], rest.Select(r => r.Step));
        Assert.Equal(reports[^4..].Select(r => (r.Step, r.Loss, r.Metrics["weight"])), rest.Select(r => (r.Step, r.Loss, r.Metrics["weight"])));
        Assert.Equal([3, 6, 9, 10, 12, 15, 18, 20], folder.ReadMetrics().Select(l => l.Step));
        Assert.Equal(rest.Select(r => r.Loss), folder.ReadMetrics().TakeLast(4).Select(l => l.Loss));
        Assert.True(folder.ReadMetrics()[^1].Seconds > folder.ReadMetrics()[3].Seconds);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_run_killed_between_checkpoints_goes_on_exactly_and_its_metrics_have_no_line_twice()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        // Leaving the loop at 7 stands for a crash: the checkpoint of step 4 is the last.
        foreach (var report in new Trainer(new Walk(), Options(12, 1, 4), folder).Run(TestContext.Current.CancellationToken))
            if (report.Step == 7) break;
        var resumed = new Walk();
        var trainer = new Trainer(resumed, Options(12, 1, 4), folder);
        Assert.True(trainer.Resume());
        Assert.Equal(4, trainer.Step);
        var saved = trainer.Run(TestContext.Current.CancellationToken).Where(r => r.Checkpoint is not null).Select(r => r.Step).ToList();

        var whole = new Walk();
        _ = new Trainer(whole, Options(12)).Run(TestContext.Current.CancellationToken).Count();
        Assert.Equal(whole.Weight, resumed.Weight);
        Assert.Equal([8, 12], saved);
        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), folder.ReadMetrics().Select(l => l.Step));
    }

    [Fact(Timeout = 20_000)]
    public async Task Cancelling_finishes_the_update_at_work_and_saves_it()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        using var cancel = new CancellationTokenSource();
        var folder = RunFolder.Create(temp.Path, new { });
        var task = new Walk { OnStep = index => { if (index == 5) cancel.Cancel(); } };
        var trainer = new Trainer(task, Options(1000), folder);
        _ = trainer.Run(cancel.Token).Count();

        Assert.True(trainer.Cancelled);
        Assert.Equal(6, trainer.Step);
        Assert.EndsWith("step-000000006", trainer.LastCheckpoint, StringComparison.Ordinal);
        var resumed = new Walk();
        Assert.True(new Trainer(resumed, Options(1000), folder).Resume());
        Assert.Equal(task.Weight, resumed.Weight);
    }

    [Fact(Timeout = 20_000)]
    public async Task Results_are_asked_for_only_where_they_are_reported()
    {
        await Task.Yield();
        var task = new Walk();
        _ = new Trainer(task, Options(8, reportEvery: 3)).Run(TestContext.Current.CancellationToken).Count();
        Assert.Equal([false, false, true, false, false, true, false, true], task.Reports);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_loss_that_is_no_number_stops_the_run_and_keeps_the_good_checkpoint()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        var trainer = new Trainer(new Walk { NanFrom = 5 }, Options(20, 20, checkpointEvery: 4), folder);

        var error = Assert.Throws<DivergedException>(() => trainer.Run(TestContext.Current.CancellationToken).Count());

        Assert.Equal(8, error.Step);
        Assert.EndsWith("step-000000004", error.Checkpoint, StringComparison.Ordinal);
        Assert.Equal(4, new CheckpointFolder(folder.CheckpointsFolder).LoadLatest()!.Run.Step);
        Assert.Equal(20, new Trainer(new Walk { NanFrom = 5 }, Options(20) with { AllowNonFiniteLoss = true }).Run(TestContext.Current.CancellationToken).Last().Step);
    }

    [Fact(Timeout = 20_000)]
    public async Task Resuming_what_does_not_fit_changes_nothing()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        Assert.False(new Trainer(new Walk(), Options(5), folder).Resume());
        _ = new Trainer(new Walk(), Options(5), folder).Run(TestContext.Current.CancellationToken).Count();

        Assert.Throws<CheckpointException>(() => new Trainer(new Walk { Name = "run" }, Options(5), folder).Resume());
        Assert.Throws<CheckpointException>(() => new Trainer(new Walk(seed: 4), Options(5), folder).Resume());
        Assert.Throws<InvalidOperationException>(() => new Trainer(new Walk(), Options(5)).Resume());
        var done = new Trainer(new Walk(), Options(5), folder);
        Assert.True(done.Resume());
        Assert.Empty(done.Run(TestContext.Current.CancellationToken));
        Assert.False(done.Cancelled);
        var record = new CheckpointFolder(folder.CheckpointsFolder).LoadLatest()!.Run;
        Assert.Equal(3, record.Options!.Value.GetProperty("width").GetInt32());
        Assert.Equal(Environment.Version.ToString(), record.Versions["dotnet"]);
    }

    [Fact(Timeout = 10_000)]
    public async Task Options_out_of_range_are_named()
    {
        await Task.Yield();
        Assert.Contains("ReportEvery", Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Walk(), Options(5, reportEvery: 0))).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer(new Walk(), Options(-1)));
    }
}
