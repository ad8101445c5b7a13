using GpuNets.Models;

namespace GpuNets.Tests.Transformers;

/// <summary>The run behind <c>gpunets train copy-symbols</c>: presets, learning, the ablation that fails, exact resume, figures.</summary>
public sealed class CopySymbolsTests
{
    private static readonly IModelRecipe s_recipe = ModelRegistry.Find("copy-symbols");

    [Fact(Timeout = 300_000)]
    public async Task A_short_run_learns_and_a_run_without_positions_does_not()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        // Shorter and simpler than the preset: a few seconds.
        var options = CopySymbolsOptions.Standard with { Length = 6, BatchSize = 40, Warmup = 300 };
        var learned = Train(options, 250);
        Assert.InRange(learned["testLoss"], 0, 0.4);
        Assert.InRange(learned["exactCopies"], 0.5, 1);
        Assert.InRange(learned["rightSymbols"], 0.8, 1);
        var failed = Train(options with { Model = options.Model with { Positions = TransformerPositions.None } }, 250);
        Assert.InRange(failed["exactCopies"], 0, 0.1);
        Assert.InRange(failed["testLoss"], 0.8, 3);

        IReadOnlyDictionary<string, double> Train(CopySymbolsOptions settings, int steps)
        {
            using var run = s_recipe.Open(device, settings, 1);
            for (int i = 0; i < steps; i++) run.Step(i, report: false);
            return run.Evaluate();
        }
    }

    [Fact(Timeout = 600_000)]
    [Trait("Category", "Convergence")]
    public async Task The_presets_do_what_the_specification_says()
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();   // 1,600 updates: five minutes of launches on PoCL; a shorter run below learns on every device
        using var device = TestDevices.Open();
        foreach (string preset in s_recipe.Presets)
        {
            using var run = s_recipe.Open(device, s_recipe.CreateOptions(preset), 1);
            for (int i = 0; i < 800; i++) run.Step(i, report: false);
            var metrics = run.Evaluate();
            if (preset == "no-positions")
            {
                Assert.Equal(0, metrics["exactCopies"]);
                continue;
            }
            Assert.InRange(metrics["exactCopies"], 0.95, 1);
            Assert.InRange(metrics["testLoss"], 0, 0.06);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Ten_updates_equal_five_saved_and_five_more()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = CopySymbolsOptions.Standard with { BatchSize = 4 };
        using IModelRun straight = s_recipe.Open(device, options, 5), first = s_recipe.Open(device, options, 5), second = s_recipe.Open(device, options, 5);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        for (int i = 0; i < 5; i++) first.Step(i, report: false);
        second.Restore(first.SaveModel(), first.SaveOptimizer());
        for (int i = 5; i < 10; i++) second.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), second.SaveModel()[tensor.Name].ToFloats());
    }

    [Fact(Timeout = 300_000)]
    public async Task Evaluates_draws_and_refuses_what_makes_no_sense()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        using var run = s_recipe.Open(device, s_recipe.CreateOptions("standard"), 3);
        var metrics = run.Evaluate();
        Assert.Equal(metrics, run.Evaluate());
        Assert.InRange(metrics["testLoss"], 1.5, 6);
        Assert.InRange(metrics["exactCopies"], 0, 0.02);
        Assert.All(run.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 1000));
        foreach (string preset in s_recipe.Presets)
        {
            var options = (CopySymbolsOptions)s_recipe.CreateOptions(preset);
            options.Validate();
            Assert.Equal(options.Model with { Heads = 2 }, ((CopySymbolsOptions)RunOptionsEditor.Set(options, "model.heads=2")).Model);
        }
        var standard = CopySymbolsOptions.Standard;
        foreach (var (wrong, says) in new (CopySymbolsOptions, string)[]
        {
            (standard with { BatchSize = 0 }, "BatchSize"), (standard with { Length = 1 }, "Length is 1"), (standard with { Length = 99 }, "MaxLength"), (standard with { Warmup = 0 }, "Warmup"),
            (standard with { Factor = 0 }, "Factor"), (standard with { Model = standard.Model with { BosId = 2 } }, "BosId 1"), (standard with { Model = standard.Model with { Heads = 0 } }, "Heads"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => s_recipe.Open(device, wrong, 1)).Message, StringComparison.Ordinal);
        }
    }
}
