using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.DilatedNetworks;

/// <summary>The run behind <c>gpunets train aproned-objects</c> and the experiment of that name.</summary>
public sealed class ApronedRecipeTests
{
    private static readonly IModelRecipe s_recipe = ModelRegistry.Find("aproned-objects");
    private static readonly ApronedOptions s_few = new() { TrainImages = 40, TestImages = 12 };

    [Fact(Timeout = 60_000)]
    public async Task Every_preset_makes_sense_and_survives_the_editor()
    {
        await Task.Yield();
        foreach (string preset in s_recipe.Presets)
        {
            var options = (ApronedOptions)s_recipe.CreateOptions(preset);
            options.Validate();
            var changed = (ApronedOptions)RunOptionsEditor.Set(options, "context.padding=InputReflection");
            Assert.Equal(ContextPadding.InputReflection, changed.Context.Padding);
            Assert.Equal(options.Context.Dilations, changed.Context.Dilations);
            Assert.Equal([1, 2, 1], ((ApronedOptions)RunOptionsEditor.Set(options, "context.dilations=[1,2,1]")).Context.Dilations);
        }
        Assert.Contains("large", Assert.Throws<ArgumentException>(() => s_recipe.CreateOptions("huge")).Message, StringComparison.Ordinal);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ten_updates_equal_five_saved_and_five_more(bool context)
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var straight = Open(device, 5);
        using var first = Open(device, 5);
        using var second = Open(device, 5);
        IModelRun a = Stage(straight), b = Stage(first), c = Stage(second);
        for (int i = 0; i < 10; i++) a.Step(i, report: false);
        for (int i = 0; i < 5; i++) b.Step(i, report: false);
        c.Restore(b.SaveModel(), b.SaveOptimizer());
        for (int i = 5; i < 10; i++) c.Step(i, report: false);
        foreach (var tensor in a.SaveModel()) Assert.Equal(tensor.ToFloats(), c.SaveModel()[tensor.Name].ToFloats());

        IModelRun Stage(IModelRun run) => context ? run.Following! : run;
    }

    [Fact(Timeout = 300_000)]
    public async Task The_context_stage_starts_from_the_trained_front_end_and_leaves_it()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        using var run = Open(device, 5);
        for (int i = 0; i < 3; i++) Assert.Equal(i == 2, double.IsFinite(run.Step(i, report: i == 2).Loss) && i == 2);
        var next = run.Following!;
        Assert.Same(next, run.Following);
        Assert.Null(next.Following);
        Assert.Equal(("front", "context", 400L, 600L), (run.Stage, next.Stage, run.Training.Steps, next.Training.Steps));
        var front = run.SaveModel();
        for (int i = 0; i < 3; i++) next.Step(i, report: false);
        foreach (var tensor in front) Assert.Equal(tensor.ToFloats(), next.SaveModel()[tensor.Name].ToFloats());

        // What eval does: a run of its own, with the stage's parameters put in place.
        using var other = Open(device, 6);
        var twin = other.Following!;
        Assert.NotEqual(next.Evaluate()["mIoU"], twin.Evaluate()["mIoU"]);
        using var same = Open(device, 5);
        same.Following!.LoadModel(next.SaveModel());
        Assert.Equal(next.Evaluate(), same.Following!.Evaluate());
        Assert.Equal(["mIoU", "IoU 0", "IoU 1", "IoU 2", "IoU 3", "IoU 4"], next.Evaluate().Keys);
        Assert.All(next.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 1000));
    }

    [Fact(Timeout = 60_000)]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (ApronedOptions, string)[]
        {
            (s_few with { TrainImages = 0 }, "TrainImages"), (s_few with { Context = ContextOptions.Dilation8(4) }, "Context.Classes is 4"),
            (s_few with { Front = new() { BatchSize = 0 } }, "Front.BatchSize"), (s_few with { ContextStage = new() { LearningRate = -1 } }, "ContextStage.LearningRate"),
            (s_few with { Front = new() { Momentum = 1 } }, "Front.Momentum"), (s_few with { ContextStage = new() { WeightDecay = -1 } }, "ContextStage.WeightDecay"),
            (s_few with { Scenes = new() { Noise = -1 } }, "Noise is -1"), (s_few with { Scenes = new() { Tries = 0 } }, "Tries is 0"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => s_recipe.Open(device, wrong, 1)).Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    [Trait("Category", "Convergence")]
    public async Task Context_tells_apart_what_the_front_end_cannot()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = new ApronedOptions { TrainImages = 200, TestImages = 40, ContextStage = ApronedOptions.Large.ContextStage };
        using var run = s_recipe.Open(device, options, 1);
        for (int i = 0; i < 200; i++) run.Step(i, report: false);
        var front = run.Evaluate();
        Assert.True(front["IoU 0"] > 95 && front["IoU 1"] > 95 && front["IoU 4"] > 85, $"The front end sees colours: {front["IoU 0"]}, {front["IoU 1"]}, {front["IoU 4"]}.");
        Assert.True(front["IoU 2"] + front["IoU 3"] < 90, $"The front end cannot tell objects apart: {front["IoU 2"]}, {front["IoU 3"]}.");
        var context = run.Following!;
        for (int i = 0; i < 120; i++) context.Step(i, report: false);
        Assert.True(context.Evaluate()["mIoU"] > 93, $"mIoU {context.Evaluate()["mIoU"]} with context, {front["mIoU"]} without.");
    }

    private static IModelRun Open(Device device, ulong seed) => s_recipe.Open(device, s_few, seed);
}
