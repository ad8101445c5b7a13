using GpuNets.Models;

namespace GpuNets.Tests.Segmentation;

/// <summary>The rows of <c>camvid-context</c> on a few small pictures, and that its claims fail when they should.</summary>
public sealed class SegmentationExperimentTests
{
    [Fact(Timeout = 300_000)]
    public async Task Has_eight_rows_and_claims_about_means_that_can_fail()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        PictureFolder.Write(folder.Path, 4);
        var options = SegmentationRecipeTests.Options(folder.Path);
        options = options with
        {
            FrontStage = options.FrontStage with { Training = options.FrontStage.Training with { Steps = 5 } },
            ContextStage = options.ContextStage with { Training = options.ContextStage.Training with { Steps = 2 } },
        };
        var experiment = new SegmentationExperiment(options);
        var rows = experiment.Run(lease.Device, 1, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(["front end", "front end, CRF", "+ Basic", "+ Basic, CRF", "+ Basic, joint", "+ Basic, joint, CRF", "+ Large", "+ Large, CRF"], rows.Select(row => row.Name));
        Assert.All(rows, row => Assert.Equal(["mIoU", "pixelAccuracy", "IoU.dark", "IoU.bright"], row.Measures.Keys));
        Assert.Equal(rows.Select(row => row.Measures["mIoU"]), experiment.Run(lease.Device, 1, TestContext.Current.CancellationToken).Select(row => row.Measures["mIoU"]));
        Assert.Empty(experiment.Judge(rows));

        // Gains on the mean, though not for each seed.
        double[] good = [40, 41, 39, 40, 42, 43, 45, 46], better = [40, 41, 43, 44, 44, 45, 45, 46];
        Assert.All(experiment.JudgeMeans([With(good), With(better)]), mark => Assert.True(mark.Passed, $"{mark.Claim}: {mark.Measured}"));
        foreach (var (row, value, failing) in new[] { (2, 36.9, 0), (6, 34.9, 1), (3, 37.9, 2), (4, 37.9, 3) })
        {
            double[] changed = [.. good];
            changed[row] = value;
            Assert.False(experiment.JudgeMeans([With(changed), With(better)])[failing].Passed, $"row {row} at {value}");
        }
        Assert.Contains("+ Large", Assert.Throws<ArgumentException>(() => experiment.JudgeMeans([rows[..4]])).Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => experiment.Run(lease.Device, 1, stop.Token).First());

        List<ExperimentRow> With(double[] means) => [.. rows.Zip(means).Select(pair => pair.First with { Measures = new Dictionary<string, double> { ["mIoU"] = pair.Second } })];
    }
}
