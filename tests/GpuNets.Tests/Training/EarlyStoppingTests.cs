using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>Training that ends when a measure gets no better, and the best model that it keeps.</summary>
public sealed class EarlyStoppingTests
{
    /// <summary>Loss 1 at each step; the metric follows a list, NaN where there is none.</summary>
    private sealed class Scripted(params double[] values) : ITrainingTask
    {
        private long _done;

        public string Name => "scripted";

        public ulong Seed => 1;

        public object Options => new { };

        public StepResult Step(long index, bool report)
        {
            Assert.Equal(_done, index);
            _done++;
            double value = values[index];
            return new StepResult(1, double.IsInfinity(value) ? null : new Dictionary<string, double> { ["bleu"] = value });
        }

        public StateDict SaveModel()
        {
            var state = new StateDict();
            state.Add(StateTensor.From("done", [], [_done]));
            return state;
        }

        public StateDict SaveOptimizer() => new();

        public void Restore(StateDict model, StateDict optimizer) => _done = model["done"].ToInt64()[0];
    }

    private const double Missing = double.PositiveInfinity;

    private static readonly double[] _values = [1, 3, 2, Missing, 2.5, double.NaN, 3.05, 4, 1, Missing, 2, 3, 3, 3, 3, 3, 3, 3, 3, 3];

    private static TrainerOptions Options(int patience, double change = 0) => new()
    {
        Steps = _values.Length,
        ReportEvery = 1,
        CheckpointEvery = 3,
        EarlyStopping = new EarlyStopping { Metric = "bleu", HigherIsBetter = true, Patience = patience, MinimumChange = change },
    };

    private static long[] Steps(CheckpointFolder folder) => [folder.LoadLatest()!.Run.Step, folder.LoadLatest()!.Model["done"].ToInt64()[0]];

    [Fact(Timeout = 20_000)]
    public async Task Training_ends_after_so_many_reports_without_a_better_one()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        var trainer = new Trainer(new Scripted(_values), Options(patience: 4), folder);
        var reports = trainer.Run(TestContext.Current.CancellationToken).ToList();
        // Better at 1, 2, 7 (3.05) and 8; then 9, 11, 12, 13 are not, and 10 has no value.
        Assert.Equal([1, 2, 7, 8], reports.Where(report => report.Best).Select(report => report.Step));
        Assert.Equal(13, trainer.Step);
        Assert.True(trainer.StoppedEarly);
        Assert.False(trainer.Cancelled);
        Assert.Equal(new BestReport("bleu", 4, 8, 4), trainer.Best);
        Assert.Equal([13, 13], Steps(new CheckpointFolder(folder.CheckpointsFolder)));
        Assert.Equal([8, 8], Steps(new CheckpointFolder(folder.BestFolder)));
        Assert.Single(Directory.GetDirectories(folder.BestFolder));

        // Resumed it stands where it stood; with more patience it goes on.
        var again = new Trainer(new Scripted(_values), Options(patience: 4), folder);
        Assert.True(again.Resume());
        Assert.Empty(again.Run(TestContext.Current.CancellationToken));
        Assert.True(again.StoppedEarly);
        var patient = new Trainer(new Scripted(_values), Options(patience: 6), folder);
        Assert.True(patient.Resume());
        Assert.Equal([14, 15], patient.Run(TestContext.Current.CancellationToken).Select(report => report.Step));
    }

    [Theory(Timeout = 20_000)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(12)]
    public async Task A_resumed_run_stops_where_an_unbroken_one_does(int leftAt)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        // Leaving the loop stands for a crash: what was done since the last multiple of 3 is done again.
        foreach (var report in new Trainer(new Scripted(_values), Options(patience: 4), folder).Run(TestContext.Current.CancellationToken))
            if (report.Step == leftAt) break;
        var trainer = new Trainer(new Scripted(_values), Options(patience: 4), folder);
        Assert.Equal(leftAt >= 3, trainer.Resume());
        Assert.Equal(leftAt / 3 * 3, trainer.Step);
        _ = trainer.Run(TestContext.Current.CancellationToken).Count();
        Assert.Equal(13, trainer.Step);
        Assert.Equal(new BestReport("bleu", 4, 8, 4), trainer.Best);
        Assert.Equal([8, 8], Steps(new CheckpointFolder(folder.BestFolder)));
    }

    [Fact(Timeout = 20_000)]
    public async Task Small_changes_do_not_count_when_told_so_and_lower_can_be_better()
    {
        await Task.Yield();
        var trainer = new Trainer(new Scripted(_values), Options(patience: 4, change: 0.1));
        Assert.Equal([1, 2], trainer.Run(TestContext.Current.CancellationToken).Where(report => report.Best).Select(report => report.Step));
        Assert.Equal(7, trainer.Step);   // 3, 5, 6 (no number) and 7 are not better by 0.1
        var lower = new Trainer(new Scripted(_values), Options(patience: 4) with { EarlyStopping = new EarlyStopping { Metric = "bleu", Patience = 4 } });
        _ = lower.Run(TestContext.Current.CancellationToken).Count();
        Assert.Equal(new BestReport("bleu", 1, 1, 4), lower.Best);
        Assert.Equal(6, lower.Step);
    }

    [Fact(Timeout = 20_000)]
    public async Task Without_patience_the_best_is_kept_and_nothing_stops()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        var trainer = new Trainer(new Scripted(_values), Options(patience: 0), folder);
        Assert.Equal(_values.Length, trainer.Run(TestContext.Current.CancellationToken).Count());
        Assert.False(trainer.StoppedEarly);
        Assert.Equal([8, 8], Steps(new CheckpointFolder(folder.BestFolder)));

        using var other = new TempFolder();
        var plain = RunFolder.Create(other.Path, new { });
        var unwatched = new Trainer(new Scripted(_values), Options(0) with { EarlyStopping = new() }, plain);
        Assert.DoesNotContain(unwatched.Run(TestContext.Current.CancellationToken), report => report.Best);
        Assert.Null(unwatched.Best);
        Assert.False(Directory.Exists(plain.BestFolder));
        var loss = new Trainer(new Scripted(_values), Options(0) with { EarlyStopping = new() { Metric = "loss", Patience = 3 } });
        Assert.Equal(4, loss.Run(TestContext.Current.CancellationToken).Last().Step);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_run_that_goes_on_with_another_measure_starts_to_count_anew()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        _ = new Trainer(new Scripted(_values), Options(patience: 4), folder).Run(TestContext.Current.CancellationToken).Count();
        var other = new Trainer(new Scripted(_values), Options(0) with { EarlyStopping = new() { Metric = "loss", Patience = 2 } }, folder);
        Assert.True(other.Resume());
        Assert.False(other.StoppedEarly);
        Assert.Equal([14, 15, 16], other.Run(TestContext.Current.CancellationToken).Select(report => report.Step));
        Assert.Equal(new BestReport("loss", 1, 14, 2), other.Best);
    }

    [Fact(Timeout = 20_000)]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        foreach (var wrong in (EarlyStopping[])[new() { Patience = 3 }, new() { Patience = -1 }, new() { MinimumChange = -1 }, new() { MinimumChange = double.NaN }])
            Assert.ThrowsAny<ArgumentException>(() => new Trainer(new Scripted(), new TrainerOptions { EarlyStopping = wrong }));
    }
}
