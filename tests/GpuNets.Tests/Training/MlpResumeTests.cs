using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>
/// A small network with dropout trained as a user would, batches made ahead on another thread: 20 updates equal 10, a resume in new objects,
/// and 10 more, to the last bit, and the loss falls.
/// </summary>
public sealed class MlpResumeTests
{
    private sealed class Regression : TrainingTask, IDisposable
    {
        private const int Batch = 16, Inputs = 5;
        private readonly Linear _hidden, _output;
        private readonly Prefetcher<(float[] X, float[] Y)> _batches;

        private Regression(Vars vars, Linear hidden, Linear output) : base(vars, new Adam(vars.Parameters, 0.02f))
        {
            (_hidden, _output) = (hidden, output);
            _batches = new Prefetcher<(float[], float[])>(MakeBatch);
        }

        public override string Name => "regression";

        public override object Options => new { Batch };

        public static Regression Make(Device device)
        {
            var vars = new Vars(device, seed: 11);
            return new Regression(vars, new Linear(vars["hidden"], Inputs, 33, activation: Activation.Tanh), new Linear(vars["output"], 33, 1));
        }

        public override StepResult Step(long index, bool report)
        {
            var (x, target) = _batches.Get(index);
            using var tape = Vars.Device.Record();
            var y = _output.Forward(_hidden.Forward(Vars.Device.Tensor(x, (Batch, Inputs))).Dropout(0.05f, Vars.Random));
            float[] error = [.. y.ToArray().Zip(target, (a, b) => (a - b) / Batch)];
            tape.Backward(y, Vars.Device.Tensor(error, (Batch, 1)));
            Optimizer.Step();
            return new StepResult(error.Sum(e => (double)e * e) * Batch / 2);
        }

        public void Dispose() => _batches.Dispose();

        private (float[] X, float[] Y) MakeBatch(long index)
        {
            var random = new Philox(Seed, (uint)index);
            float[] x = [.. Enumerable.Range(0, Batch * Inputs).Select(i => (float)random.Normal((uint)i))];
            return (x, [.. x.Chunk(Inputs).Select(row => MathF.Sin(row[0]) - (0.5f * row[1]))]);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Twenty_steps_equal_ten_and_a_resume_and_ten()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        using var device = TestDevices.Open();
        using var whole = Regression.Make(device);
        using var first = Regression.Make(device);
        using var second = Regression.Make(device);
        var options = new TrainerOptions { Steps = 20, ReportEvery = 1 };
        var reports = new Trainer(whole, options).Run(TestContext.Current.CancellationToken).ToList();

        _ = new Trainer(first, options with { Steps = 10 }, folder).Run(TestContext.Current.CancellationToken).Count();
        var trainer = new Trainer(second, options, folder);
        Assert.True(trainer.Resume());
        var rest = trainer.Run(TestContext.Current.CancellationToken).ToList();

        Assert.Equal(reports.TakeLast(10).Select(r => r.Loss), rest.Select(r => r.Loss));
        Assert.Equal(reports.Select(r => r.Loss), folder.ReadMetrics().Select(l => l.Loss));
        foreach (var (expected, came) in new[] { (whole.SaveModel(), second.SaveModel()), (whole.SaveOptimizer(), second.SaveOptimizer()) })
            foreach (var tensor in expected) Assert.True(tensor.Bytes.Span.SequenceEqual(came[tensor.Name].Bytes.Span), tensor.Name);
        Assert.True(reports.TakeLast(3).Average(r => r.Loss) < 0.5 * reports.Take(3).Average(r => r.Loss), string.Join(" ", reports.Select(r => r.Loss)));
    }
}
