using GpuNets.Training;

namespace GpuNets.Tests.Training;

/// <summary>Every optimiser, on a device: 20 updates equal 10, a resume in new objects, and 10 more, to the last bit.</summary>
public sealed class OptimizerResumeTests
{
    private static readonly Dictionary<string, Func<IReadOnlyList<Parameter>, Optimizer>> _optimizers = new()
    {
        ["sgd"] = p => new Sgd(p, 0.1f),
        ["sgd-nesterov"] = p => new Sgd(p, 0.1f, momentum: 0.9f, nesterov: true, weightDecay: 0.01f),
        ["adam"] = p => new Adam(p, 0.01f),
        ["adamw"] = p => new AdamW(p, 0.01f),
        ["adamax"] = p => new Adamax(p, 0.01f),
        ["adadelta"] = p => new Adadelta(p),
        ["rmsprop"] = p => new RmsProp(p, 0.01f),
        ["rmsprop-graves"] = p => RmsProp.Graves(p, 0.01f),
    };

    public static TheoryData<string> Names => [.. _optimizers.Keys];

    private sealed class RandomGradients(Vars vars, Optimizer optimizer) : TrainingTask(vars, optimizer)
    {
        public override string Name => "random-gradients";

        public override object Options => new { };

        public override StepResult Step(long index, bool report)
        {
            foreach (var parameter in Vars.Parameters)
            {
                var random = new Philox(Seed, (uint)index).Fork(parameter.Path);
                parameter.GradientTarget(out _).Write([.. Enumerable.Range(0, parameter.Count).Select(i => (float)random.Normal((uint)i))]);
            }
            Optimizer.Step();
            return new StepResult(1);
        }

        public static RandomGradients Make(Device device, string optimizer)
        {
            var vars = new Vars(device, seed: 3);
            vars.Parameter("a", [7, 9], Init.Normal(1));
            vars.Parameter("b", 1, Init.Normal(1));
            return new RandomGradients(vars, _optimizers[optimizer](vars.Parameters));
        }
    }

    [Theory(Timeout = 60_000)]
    [MemberData(nameof(Names))]
    public async Task Resume_is_exact(string name)
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        using var temp = new TempFolder();
        var folder = RunFolder.Create(temp.Path, new { });
        var whole = RandomGradients.Make(device, name);
        _ = new Trainer(whole, new TrainerOptions { Steps = 20 }).Run(TestContext.Current.CancellationToken).Count();
        _ = new Trainer(RandomGradients.Make(device, name), new TrainerOptions { Steps = 10 }, folder).Run(TestContext.Current.CancellationToken).Count();

        var resumed = RandomGradients.Make(device, name);
        var trainer = new Trainer(resumed, new TrainerOptions { Steps = 20 }, folder);
        Assert.True(trainer.Resume());
        _ = trainer.Run(TestContext.Current.CancellationToken).Count();

        foreach (var (expected, came) in new[] { (whole.SaveModel(), resumed.SaveModel()), (whole.SaveOptimizer(), resumed.SaveOptimizer()) })
        {
            Assert.Equal(expected.Names, came.Names);
            foreach (var tensor in expected) Assert.True(tensor.Bytes.Span.SequenceEqual(came[tensor.Name].Bytes.Span), $"{name}: {tensor.Name}");
        }
        Assert.Equal(20, resumed.Optimizer.Steps);
    }

    [Fact(Timeout = 60_000)]
    public async Task A_checkpoint_of_another_model_changes_neither_model_nor_optimiser()
    {
        await Task.Yield();
        using var device = Device.Open(TestDevices.Name);
        var task = RandomGradients.Make(device, "adam");
        task.Step(0, true);
        var (model, optimizer) = (task.SaveModel(), task.SaveOptimizer());
        var sgd = RandomGradients.Make(device, "sgd-nesterov");
        Assert.Throws<StateDictException>(() => task.Restore(sgd.SaveModel(), sgd.SaveOptimizer()));
        Assert.Throws<StateDictException>(() => task.Restore(optimizer, optimizer));
        foreach (var tensor in model) Assert.True(tensor.Bytes.Span.SequenceEqual(task.SaveModel()[tensor.Name].Bytes.Span));
        foreach (var tensor in optimizer) Assert.True(tensor.Bytes.Span.SequenceEqual(task.SaveOptimizer()[tensor.Name].Bytes.Span));
    }
}
