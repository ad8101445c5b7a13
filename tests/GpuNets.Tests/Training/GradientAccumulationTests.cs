using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>Several small batches in one update equal one large batch.</summary>
public sealed class GradientAccumulationTests
{
    private const int Inputs = 6, Classes = 5;

    private sealed record Batch(float[] X, int[] Labels)
    {
        // Rows without a label do not count.
        public long Tokens => Labels.Count(label => label != Tensor.IgnoredLabel);
    }

    private static Batch Make(uint seed, params int[] ignored)
    {
        var random = new Philox(seed);
        int rows = 4 + (int)seed;
        return new Batch(
            [.. Enumerable.Range(0, rows * Inputs).Select(i => (float)random.Normal((uint)i))],
            [.. Enumerable.Range(0, rows).Select(i => ignored.Contains(i) ? Tensor.IgnoredLabel : random.Below((uint)i, Classes))]);
    }

    private static Tensor Loss(Linear hidden, Linear output, Batch batch)
    {
        var device = hidden.Weight.Device;
        return output.Forward(hidden.Forward(device.Tensor(batch.X, (batch.Labels.Length, Inputs)))).CrossEntropy(device.Indices(batch.Labels), smoothing: 0.1f);
    }

    private static (Vars Vars, Linear Hidden, Linear Output) Network(Device device)
    {
        var vars = new Vars(device, seed: 3);
        return (vars, new Linear(vars["hidden"], Inputs, 17, activation: Activation.Tanh), new Linear(vars["output"], 17, Classes));
    }

    [Fact(Timeout = 60_000)]
    public async Task Small_batches_of_unequal_size_equal_a_large_one()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        Batch[] small = [Make(1), Make(2, 0, 3), Make(9, 1), Make(4, 0, 1, 2, 3, 4, 5, 6, 7)];
        Assert.Equal(0, small[3].Tokens);
        var large = new Batch([.. small.SelectMany(batch => batch.X)], [.. small.SelectMany(batch => batch.Labels)]);

        var (vars, hidden, output) = Network(device);
        var sgd = new Sgd(vars.Parameters, 0.5f);
        double loss = new GradientAccumulation(sgd).Step(small, batch => batch.Tokens, batch => Loss(hidden, output, batch));
        Assert.Equal(1, sgd.Steps);

        var (wholeVars, wholeHidden, wholeOutput) = Network(device);
        var wholeSgd = new Sgd(wholeVars.Parameters, 0.5f);
        double expected = new GradientAccumulation(wholeSgd).Step([large], batch => batch.Tokens, batch => Loss(wholeHidden, wholeOutput, batch));
        Assert.Equal(expected, loss, 5);
        foreach (var (one, other) in wholeVars.Parameters.Zip(vars.Parameters))
        {
            float[] start = Start(one.Path);
            float[] a = one.ToArray(), b = other.ToArray();
            Assert.True(a.Zip(start).Max(pair => Math.Abs(pair.First - pair.Second)) > 1e-3, "the update changes the parameters");
            for (int i = 0; i < a.Length; i++) Assert.Equal(a[i], b[i], 1e-6f);
        }

        float[] Start(string path) => Network(device).Vars.Parameters.Single(parameter => parameter.Path == path).ToArray();
    }

    [Fact(Timeout = 60_000)]
    public async Task A_schedule_counts_updates()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var (vars, hidden, output) = Network(device);
        var asked = new List<long>();
        var adam = new Adam(vars.Parameters) { Schedule = step => { asked.Add(step); return 1e-3f; } };
        var accumulation = new GradientAccumulation(adam);
        for (uint update = 0; update < 3; update++)
        {
            double loss = accumulation.Step([Make(4 * update + 1), Make(4 * update + 2), Make(4 * update + 3)], batch => batch.Tokens, batch => Loss(hidden, output, batch), report: update == 2);
            Assert.Equal(update == 2, double.IsFinite(loss));
        }
        Assert.Equal([0, 1, 2], asked);
        Assert.Equal(3, adam.Steps);
    }

    /// <summary>Three batches an update, with dropout: the batches of update n are 3n to 3n + 2.</summary>
    private sealed class Accumulated(Vars vars, Linear hidden, Linear output) : TrainingTask(vars, new Adam(vars.Parameters, 0.01f))
    {
        public override string Name => "accumulated";

        public override object Options => new { };

        public override StepResult Step(long index, bool report)
        {
            Batch[] batches = [.. Enumerable.Range(0, 3).Select(i => Make((uint)(3 * index + i)))];
            return new StepResult(new GradientAccumulation(Optimizer).Step(batches, batch => batch.Tokens, batch => output.Forward(
                hidden.Forward(Vars.Device.Tensor(batch.X, (batch.Labels.Length, Inputs))).Dropout(0.2f, Vars.Random)).CrossEntropy(Vars.Device.Indices(batch.Labels)), report));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Six_updates_equal_three_and_a_resume_and_three()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        using var device = TestDevices.Open();
        var folder = RunFolder.Create(temp.Path, new { });
        Accumulated[] tasks = [.. Enumerable.Range(0, 3).Select(_ => { var (vars, hidden, output) = Network(device); return new Accumulated(vars, hidden, output); })];
        var options = new TrainerOptions { Steps = 6, ReportEvery = 1 };
        var whole = new Trainer(tasks[0], options).Run(TestContext.Current.CancellationToken).Select(report => report.Loss).ToList();
        _ = new Trainer(tasks[1], options with { Steps = 3 }, folder).Run(TestContext.Current.CancellationToken).Count();
        var trainer = new Trainer(tasks[2], options, folder);
        Assert.True(trainer.Resume());
        Assert.Equal(whole.Skip(3), trainer.Run(TestContext.Current.CancellationToken).Select(report => report.Loss));
        foreach (var (one, other) in tasks[0].Vars.Parameters.Zip(tasks[2].Vars.Parameters)) Assert.Equal(one.ToArray(), other.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task A_batch_that_fails_leaves_no_gradient_behind()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var (vars, hidden, output) = Network(device);
        var sgd = new Sgd(vars.Parameters, 0.5f);
        var accumulation = new GradientAccumulation(sgd);
        float[] before = vars.Parameters[0].ToArray();
        Batch[] batches = [Make(1), Make(2)];
        Assert.Throws<InvalidOperationException>(() => accumulation.Step(batches, batch => batch.Tokens,
            batch => ReferenceEquals(batch, batches[1]) ? throw new InvalidOperationException("no data") : Loss(hidden, output, batch)));
        Assert.All(vars.Parameters, parameter => Assert.False(parameter.HasGradient));
        Assert.Equal(before, vars.Parameters[0].ToArray());
        Assert.Equal(0, sgd.Steps);
        Assert.Throws<ArgumentException>(() => accumulation.Step<Batch>([], batch => batch.Tokens, batch => Loss(hidden, output, batch)));
        Assert.Throws<ShapeException>(() => accumulation.Step(batches, batch => batch.Tokens, batch => hidden.Forward(device.Tensor(batch.X, (batch.Labels.Length, Inputs)))));
        Assert.All(vars.Parameters, parameter => Assert.False(parameter.HasGradient));
    }
}
