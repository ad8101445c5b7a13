using GpuNets.Models;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The experiment's rows, and that its claims fail when they should.</summary>
public sealed class ApronedExperimentTests
{
    [Fact(Timeout = 300_000)]
    public async Task Has_ten_rows_and_six_claims_that_can_fail()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var experiment = new ApronedExperiment(new ApronedOptions
        {
            TrainImages = 16,
            TestImages = 4,
            Training = new() { Steps = 2 },
            ContextTraining = new() { Steps = 4 },
            ContextStage = new() { BatchSize = 2, LearningRate = 0.01f },
        });
        var rows = experiment.Run(device, 1, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(10, rows.Count);
        Assert.Equal(10, rows.Select(row => row.Name).Distinct().Count());
        Assert.All(rows, row => Assert.InRange(row.Measures["mIoU"], 0, 100));
        Assert.All(rows, row => Assert.Subset(row.Measures.Keys.ToHashSet(), row.Reference!.Keys.ToHashSet()));
        Assert.Equal((69.0, 98.9), (rows[0].Reference!["mIoU"], rows[2].Reference!["mIoU"]));
        // Hardly trained: the front end is nowhere near, and no module reaches 95.
        var marks = experiment.Judge(rows);
        Assert.Equal(6, marks.Count);
        Assert.False(marks[1].Passed);

        double[] good = [69, 69.4, 98, 98, 70, 9, 72, 97, 97, 80];
        Assert.All(experiment.Judge(With(good)), mark => Assert.True(mark.Passed, $"{mark.Claim}: {mark.Measured}"));
        foreach (var (row, value, failing) in new[] { (0, 63.9, 0), (0, 76.1, 0), (2, 94.9, 1), (4, 88.1, 2), (6, 78.1, 3), (1, 69.6, 4), (1, 68.4, 4), (8, 96.9, 5) })
        {
            double[] changed = [.. good];
            changed[row] = value;
            Assert.False(experiment.Judge(With(changed))[failing].Passed, $"row {row} at {value}");
        }
        Assert.Contains("Basic, Xavier", Assert.Throws<ArgumentException>(() => experiment.Judge([.. rows.Where(row => row.Name != "Basic, Xavier")])).Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => experiment.Run(device, 1, stop.Token).First());

        List<ExperimentRow> With(double[] means) => [.. rows.Zip(means).Select(pair => pair.First with { Measures = new Dictionary<string, double> { ["mIoU"] = pair.Second } })];
    }
}
