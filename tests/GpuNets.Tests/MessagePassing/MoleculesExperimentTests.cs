using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>The experiment's rows, and that its claims fail when they should.</summary>
public sealed class MoleculesExperimentTests
{
    [Fact(Timeout = 300_000)]
    public async Task Has_six_rows_and_five_claims_that_can_fail()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var experiment = new MoleculesExperiment(options => options with
        {
            Training = options.Training with { Steps = 2 },
            Data = options.Data with { TrainMolecules = 30, ValidationMolecules = 5, TestMolecules = 20 },
            BatchSize = 4,
        });
        var rows = experiment.Run(device, 1, TestContext.Current.CancellationToken).ToList();
        Assert.Equal(6, rows.Select(row => row.Name).Distinct().Count());
        Assert.InRange(rows[0].Measures["MAE/std"], 0.4, 1.6);
        Assert.All(rows, row => Assert.True(row.Measures["MAE/std"] > 0 && row.Reference!["MAE/std"] > 0));
        var marks = experiment.Judge(rows);
        Assert.Equal(5, marks.Count);
        Assert.False(marks[0].Passed);   // hardly trained

        double[] good = [0.84, 0.4, 0.4, 0.07, 0.07, 0.06];
        Assert.All(experiment.Judge(With(good)), mark => Assert.True(mark.Passed, $"{mark.Claim}: {mark.Measured}"));
        foreach (var (row, value, failing) in new[] { (5, 0.101, 0), (2, 0.29, 1), (2, 0.51, 1), (1, 0.29, 2), (1, 0.51, 2), (5, 0.1001, 3), (4, 0.0499, 4) })
        {
            double[] changed = [.. good];
            changed[row] = value;
            Assert.False(experiment.Judge(With(changed))[failing].Passed, $"row {row} at {value}");
        }
        Assert.Contains("there is no row", Assert.Throws<ArgumentException>(() => experiment.Judge([.. rows.Take(5)])).Message, StringComparison.Ordinal);
        using var stop = new CancellationTokenSource();
        stop.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => experiment.Run(device, 1, stop.Token).Skip(1).First());

        List<ExperimentRow> With(double[] errors) => [.. rows.Zip(errors).Select(pair => pair.First with { Measures = new Dictionary<string, double> { ["MAE/std"] = pair.Second } })];
    }
}
