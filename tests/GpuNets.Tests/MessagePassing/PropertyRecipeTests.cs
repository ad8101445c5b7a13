using GpuNets.Cli;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.MessagePassing;

/// <summary>The runs behind <c>gpunets train molecules</c> and <c>train qm9</c>: presets, learning, resuming, prediction, refusals, commands.</summary>
public sealed class PropertyRecipeTests
{
    private static readonly IModelRecipe s_molecules = ModelRegistry.Find("molecules"), s_qm9 = ModelRegistry.Find("qm9");

    private static readonly PropertyOptions s_small = PropertyOptions.Generated with
    {
        Training = new TrainerOptions { Steps = 120, ReportEvery = 40, CheckpointEvery = 0, EarlyStopping = new EarlyStopping { Metric = PropertyOptions.ValidationError } },
        Data = new PropertyDataOptions { Source = PropertySource.Generated, Targets = "R2", TrainMolecules = 60, ValidationMolecules = 20, TestMolecules = 20 },
        Model = new MessagePassingOptions { Size = 16, Steps = 2, ProcessingSteps = 2, MessageHidden = [16], ReadoutHidden = [32] },
        LearningRate = 5e-3f,
    };

    [Fact(Timeout = 60_000)]
    public async Task Every_preset_makes_sense_and_survives_the_editor()
    {
        await Task.Yield();
        foreach (var recipe in new[] { s_molecules, s_qm9 })
        {
            foreach (string preset in recipe.Presets)
            {
                var options = (PropertyOptions)recipe.CreateOptions(preset);
                options.Validate();
                var changed = (PropertyOptions)RunOptionsEditor.Set(RunOptionsEditor.Set(options, "model.towers=2"), "model.messageHidden=[7, 8]");
                Assert.Equal([7, 8], changed.Model.MessageHidden);
                Assert.Equal(options.Model.Size, changed.Model.Size);
                Assert.Equal(2, changed.Model.Towers);
                Assert.Equal(options.Graph.Representation, changed.Graph.Representation);
                Assert.Equal(17, changed.WithSteps(17).Training.Steps);
                // An option per line, arrays too.
                Assert.All(RunOptionsEditor.List(options), line => Assert.DoesNotContain('\n', line));
                foreach (string line in RunOptionsEditor.List(options)) RunOptionsEditor.Set(options, line);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Settings_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (PropertyOptions, string)[]
        {
            (s_small with { BatchSize = 0 }, "BatchSize is 0"), (s_small with { LearningRate = 0 }, "LearningRate is 0"), (s_small with { DecayStart = 1.5 }, "DecayStart is 1.5"),
            (s_small with { DecayFactor = double.NaN }, "DecayFactor is NaN"), (s_small with { ClipNorm = 0 }, "ClipNorm is 0"),
            (s_small with { Data = s_small.Data with { TrainMolecules = null } }, "Data.TrainMolecules is not given"),
            (s_small with { Data = s_small.Data with { TestMolecules = 0 } }, "Data.TestMolecules is 0"),
            (s_small with { Data = s_small.Data with { Targets = "mu" } }, "Data.Targets is 'mu', but generated molecules have the target R2 alone"),
            (s_small with { Data = s_small.Data with { Source = (PropertySource)5 } }, "Data.Source has no value 5"),
            (s_small with { Data = s_small.Data with { Source = PropertySource.Qm9, Targets = "mass" } }, "QM9 has no target 'mass'"),
            (s_small with { Data = s_small.Data with { Source = PropertySource.Qm9, Targets = "mu, MU" } }, "names a target twice"),
            (s_small with { Data = s_small.Data with { Source = PropertySource.Qm9, Targets = " " } }, "Data.Targets is empty"),
            (s_small with { Graph = new MoleculeGraphOptions { BothWays = false } }, "Graph.BothWays is false"),
            (s_small with { Model = s_small.Model with { Message = MessageKind.Matrices } }, "Model.Message = Matrices needs labels, but Graph.Representation = RawDistance"),
            (s_small with { Model = s_small.Model with { Size = 12 } }, "Size is 12 but must be at least Inputs = 13"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => s_molecules.Open(device, wrong, 1)).Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task A_short_run_learns_and_predicts_what_it_learned()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        using var folder = new TempFolder();
        using var run = s_molecules.Open(device, s_small with { Data = s_small.Data with { TrainMolecules = 300 } }, 1);
        var before = run.Evaluate();
        Assert.Equal(["R2.mae", "R2.maeOverDeviation"], before.Keys);
        for (int i = 0; i < 119; i++) Assert.Null(run.Step(i, report: false).Metrics);
        var report = run.Step(119, report: true);
        var after = run.Evaluate();
        Assert.InRange(after["R2.maeOverDeviation"], 0.0, 0.5 * before["R2.maeOverDeviation"]);
        Assert.InRange(report.Metrics![PropertyOptions.ValidationError], 0.0, 0.4);
        Assert.Equal(after, run.Evaluate());
        Assert.All(run.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 1000));

        // Predictions are in the unit of the target, for molecules in any number.
        var predictor = (IPropertyPredictor)run;
        Molecule[] molecules = [.. GeneratedMolecules.Generate(20, 1, PropertyMolecules.FirstOf(CorpusSplit.Test)).Select(one => one.Molecule)];
        var found = predictor.Predict(molecules);
        double error = molecules.Zip(found, (molecule, values) => Math.Abs(GeneratedMolecules.R2(molecule) - values[0])).Average();
        Assert.Equal(after["R2.mae"], error, 1e-3 * error);
        Assert.Equal(found[3][0], predictor.Predict([molecules[3]])[0][0], 1e-3 * Math.Abs(found[3][0]));
        Assert.Empty(predictor.Predict([]));
        Assert.Equal("R2", Assert.Single(predictor.Targets).Name);
        // An element that the network does not know, and a molecule without coordinates.
        var sulfur = new Molecule([new Atom(Element.Of(16)) { ImplicitHydrogens = 0, Position = default(System.Numerics.Vector3) }], [], "odd one");
        Assert.Contains("odd one", Assert.Throws<MoleculeException>(() => predictor.Predict([sulfur])).Message, StringComparison.Ordinal);
        var flat = new Molecule([new Atom(Element.Carbon) { ImplicitHydrogens = 4 }], [], "flat one");
        Assert.Contains("no coordinates", Assert.Throws<MoleculeException>(() => predictor.Predict([flat])).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ten_updates_equal_five_saved_and_five_more()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = s_small with { BatchSize = 4 };
        using IModelRun straight = s_molecules.Open(device, options, 5), first = s_molecules.Open(device, options, 5), second = s_molecules.Open(device, options, 5);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        for (int i = 0; i < 5; i++) first.Step(i, report: false);
        second.Restore(first.SaveModel(), first.SaveOptimizer());
        for (int i = 5; i < 10; i++) second.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), second.SaveModel()[tensor.Name].ToFloats());
    }

    [Fact(Timeout = 60_000)]
    public async Task The_step_size_stays_then_falls_linearly()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var options = s_small with { LearningRate = 1e-2f, DecayStart = 0.25, DecayFactor = 0.1, Training = s_small.Training with { Steps = 80 } };
        var vars = new Vars(device);
        var optimizer = options.Optimizer([vars.Parameter("p", 1, Init.Zeros)]);
        Assert.Equal([1e-2f, 1e-2f, 1e-2f, 5.5e-3f, 1e-3f, 1e-3f], new long[] { 0, 10, 20, 50, 80, 100 }.Select(step => optimizer.Schedule!(step)), (a, b) => Math.Abs(a - b) < 1e-6f);
    }

    [Fact(Timeout = 300_000)]
    public async Task Every_preset_of_generated_molecules_trains()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (string preset in s_molecules.Presets)
        {
            var options = (PropertyOptions)s_molecules.CreateOptions(preset);
            options = options with { Data = s_small.Data, Training = s_small.Training with { Steps = 300 }, LearningRate = 5e-3f, Model = options.Model with { Size = 16, MessageHidden = [16], ReadoutHidden = [32] } };
            using var run = s_molecules.Open(device, options, 2);
            double[] losses = [.. Enumerable.Range(0, 300).Select(i => run.Step(i, report: true).Loss)];
            Assert.True(losses[^20..].Average() < 0.6 * losses[..20].Average(), $"{preset}: the loss went from {losses[..20].Average()} to {losses[^20..].Average()}");
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Trains_on_quantum_chemistry_one_target_and_all()
    {
        await Task.Yield();
        Assert.SkipWhen(Environment.GetEnvironmentVariable("GPUNETS_DATA") is null, "needs the packed QM9 subset: set GPUNETS_DATA");
        using var device = TestDevices.Open();
        foreach (string targets in new[] { "mu", "all" })
        {
            var options = PropertyOptions.Qm9 with
            {
                Data = new PropertyDataOptions { Source = PropertySource.Qm9, Targets = targets, TrainMolecules = 100, ValidationMolecules = 20, TestMolecules = 20 },
                Model = s_small.Model,
                BatchSize = 10,
            };
            using var run = s_qm9.Open(device, options, 1);
            double[] losses = [.. Enumerable.Range(0, 40).Select(i => run.Step(i, report: true).Loss)];
            Assert.True(losses[^10..].Average() < losses[..10].Average(), $"the loss went from {losses[0]} to {losses[^1]}");
            var metrics = run.Evaluate();
            Assert.Equal(targets == "mu" ? 2 : 25, metrics.Count);
            Assert.Equal(metrics["mu.mae"] / 0.1, metrics["mu.ratio"], 1e-9);
            if (targets == "all") Assert.Equal(metrics.Where(pair => pair.Key.EndsWith(".ratio", StringComparison.Ordinal) && pair.Key != "mean.ratio").Average(pair => pair.Value), metrics["mean.ratio"], 1e-9);
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Trains_on_raw_files_of_quantum_chemistry_without_those_on_the_list()
    {
        await Task.Yield();
        string? data = Environment.GetEnvironmentVariable("GPUNETS_DATA");
        Assert.SkipWhen(data is null, "needs a raw file of QM9: set GPUNETS_DATA");
        using var folder = new TempFolder();
        string source = Path.Combine(data!, "qm9", "dsgdb9nsd_000880.xyz"), text = File.ReadAllText(source);
        for (int i = 0; i < 12; i++) File.WriteAllText(folder.File($"dsgdb9nsd_{i + 1:000000}.xyz"), text.Replace("gdb 880", $"gdb {i + 1}", StringComparison.Ordinal));
        var options = PropertyOptions.Qm9 with
        {
            Data = new PropertyDataOptions { Source = PropertySource.Qm9Files, Folder = folder.Path, Targets = "all", ValidationMolecules = 3, TestMolecules = 3 },
            Model = s_small.Model,
            BatchSize = 2,
        };
        using var device = TestDevices.Open();
        using var run = s_qm9.Open(device, options, 1);
        Assert.True(double.IsFinite(run.Step(0, report: true).Loss));
        var metrics = run.Evaluate();
        Assert.Equal(27, metrics.Count);
        Assert.True(metrics.ContainsKey("omega1.mae"));
        var tooMany = options with { Data = options.Data with { TestMolecules = 12 } };
        Assert.Contains("but there are 12", Assert.ThrowsAny<ArgumentException>(() => s_qm9.Open(device, tooMany, 1)).Message, StringComparison.Ordinal);
        // The official list lies beside the files: three of its numbers are here.
        File.WriteAllText(folder.File("uncharacterized.txt"), "a head\n====\n# Index\n====\n 2  C\n 5  C\n 11  C\n 999  C\n====\n");
        Assert.Contains("but there are 9", Assert.ThrowsAny<ArgumentException>(() => s_qm9.Open(device, tooMany, 1)).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Commands_train_and_evaluate_the_best_model()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string path = folder.File("run");
        var (code, text) = Call("train", "molecules", "--device", TestDevices.Name, "--steps", "40", "--set", "Data.TrainMolecules=60", "--set", "Data.ValidationMolecules=20", "--set",
            "Data.TestMolecules=20", "--set", "Training.ReportEvery=10", "--set", "LearningRate=0.01", "--set", "Model.Size=16", "--out", path, "--json");
        Assert.True(code == 0, text);
        Assert.True(File.Exists(Path.Combine(path, "targets.json")));
        string trained = File.ReadAllText(Path.Combine(path, "evaluation.json"));
        (code, text) = Call("eval", path, "--device", TestDevices.Name, "--json");
        Assert.True(code == 0, text);
        // The same numbers, of the model that was best by its validation error.
        foreach (string number in trained.Split(['{', '}', ',', '\n', ' ', ':'], StringSplitOptions.RemoveEmptyEntries).Where(word => char.IsDigit(word[0]))) Assert.Contains(number[..8], text, StringComparison.Ordinal);
        Predicts(folder, path);
        (code, text) = Call("train", "molecules", "--target", "mu", "--device", TestDevices.Name, "--out", folder.File("other"));
        Assert.Equal(2, code);
        Assert.Contains("Data.Targets is 'mu'", text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("other")));
    }

    // A good molecule, one of an element that the network does not know, and files that cannot be read.
    private static void Predicts(TempFolder folder, string path)
    {
        string file = folder.File("mine.xyz");
        File.WriteAllText(file, """
            3
            water
            O 0 0 0.117
            H 0 0.757 -0.469
            H 0 -0.757 -0.469
            3
            hydrogen sulfide
            S 0 0 0.103
            H 0 0.962 -0.825
            H 0 -0.962 -0.825

            """);
        var (code, text) = Call("predict", file, "--model", path, "--device", TestDevices.Name);
        Assert.Equal(1, code);
        string[] lines = text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("molecule 2 is left out", lines[0], StringComparison.Ordinal);
        Assert.Contains("atom 1 is S, but the network knows only H, C, N, O, F", lines[0], StringComparison.Ordinal);
        Assert.Equal("molecule\tformula\tR2 [Angstrom^2]", lines[1]);
        string[] fields = lines[2].Split('\t');
        Assert.Equal(3, lines.Length);
        Assert.Equal("H2O", fields[1]);
        Assert.True(double.IsFinite(double.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture)));
        // The mean of a model and itself is what it says alone.
        (code, text) = Call("predict", file, "--model", path, "--model", path, "--device", TestDevices.Name);
        Assert.Equal(lines[2], text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        (code, text) = Call("predict", file, "--model", path, "--device", TestDevices.Name, "--json");
        Assert.Contains("\"unit\":\"Angstrom^2\"", text.Replace(" ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        File.WriteAllText(folder.File("flat.smi"), "CCO\n");
        (code, text) = Call("predict", folder.File("flat.smi"), "--model", path, "--device", TestDevices.Name);
        Assert.Equal(1, code);
        Assert.Contains("no coordinates", text, StringComparison.Ordinal);
        File.WriteAllText(folder.File("bad.xyz"), "2\n\nC 0 0\n");
        (code, text) = Call("predict", folder.File("bad.xyz"), "--model", path, "--device", TestDevices.Name);
        Assert.Equal(2, code);
        Assert.Contains("bad.xyz, line 3", text, StringComparison.Ordinal);
        (code, text) = Call("predict", folder.File("none.pdb"), "--model", path, "--device", TestDevices.Name);
        Assert.Equal(2, code);
        Assert.Contains("'.pdb'", text, StringComparison.Ordinal);
    }

    private static (int Code, string Text) Call(params string[] args)
    {
        using var output = new StringWriter();
        int code = CommandLine.Run(args, output, output);
        return (code, output.ToString());
    }
}
