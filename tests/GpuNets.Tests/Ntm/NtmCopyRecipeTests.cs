using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.Ntm;

/// <summary>The run behind <c>gpunets train ntm-copy</c>: presets, learning, exact resume, evaluation, figures.</summary>
public sealed class NtmCopyRecipeTests
{
    private static readonly IModelRecipe s_recipe = ModelRegistry.Find("ntm-copy");

    [Fact(Timeout = 300_000)]
    public async Task Every_preset_makes_sense_and_survives_the_editor()
    {
        await Task.Yield();
        foreach (string preset in s_recipe.Presets)
        {
            var options = (NtmCopyOptions)s_recipe.CreateOptions(preset);
            options.Validate();
            options.Model.Validate();
            Assert.Equal((options.Task.Inputs, options.Task.Outputs), (options.Model.Inputs, options.Model.Outputs));
            var changed = (NtmCopyOptions)RunOptionsEditor.Set(options, "model.memoryRows=64");
            Assert.Equal(options.Model with { MemoryRows = 64 }, changed.Model);
            Assert.Equal(options.Task.TestLengths, changed.Task.TestLengths);
        }
        Assert.Contains("quick", Assert.Throws<ArgumentException>(() => s_recipe.CreateOptions("fast")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ten_updates_equal_five_saved_and_five_more()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var straight = Open(lease.Device);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        using var first = Open(lease.Device);
        for (int i = 0; i < 5; i++) first.Step(i, report: false);
        using var second = Open(lease.Device);
        second.Restore(first.SaveModel(), first.SaveOptimizer());
        for (int i = 5; i < 10; i++) second.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), second.SaveModel()[tensor.Name].ToFloats());
    }

    [Fact(Timeout = 300_000)]
    public async Task Evaluates_draws_and_has_a_baseline_that_does_too()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        using var run = Open(lease.Device);
        var metrics = run.Evaluate();
        Assert.Equal(metrics, run.Evaluate());
        // Untrained: every second bit is wrong, some three bits per vector.
        Assert.InRange(metrics["bitErrorsPerSequence"], 2, 8);
        Assert.InRange(metrics["bitErrorsPerSequence@10"], 12, 28);
        Assert.All(run.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 1000));
        var baseline = run.Following!;
        Assert.Same(baseline, run.Following);
        Assert.Equal(IModelRun.BaselineStage, baseline.Stage);
        Assert.Null(baseline.Following);
        var result = baseline.Step(0, report: true);
        Assert.InRange(result.Loss, 1, 30);
        Assert.InRange(baseline.Evaluate()["bitErrorsPerSequence"], 2, 8);
    }

    [Fact(Timeout = 300_000)]
    public async Task Options_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var options = NtmCopyOptions.Quick;
        foreach (var (wrong, says) in new (NtmCopyOptions, string)[]
        {
            (options with { BatchSize = 0 }, "BatchSize"), (options with { LearningRate = 0 }, "LearningRate"), (options with { ClipNorm = -1 }, "ClipNorm"),
            (options with { Task = new CopyTask { MinLength = 3, MaxLength = 2 } }, "lengths"), (options with { Model = options.Model with { MemoryRows = 2 } }, "ShiftRange"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => s_recipe.Open(lease.Device, wrong, 1)).Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    [Trait("Category", "Convergence")]
    public async Task The_quick_preset_learns_to_copy()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var run = s_recipe.Open(lease.Device, NtmCopyOptions.Quick, 2);
        for (int i = 0; i < 4000; i++) run.Step(i, report: false);
        Assert.InRange(run.Evaluate()["bitErrorsPerSequence"], 0, 0.05);
    }

    private static IModelRun Open(Device device) => s_recipe.Open(device, NtmCopyOptions.Quick, 5);
}
