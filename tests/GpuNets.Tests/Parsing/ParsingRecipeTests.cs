using GpuNets.Cli;
using GpuNets.Models;
using GpuNets.Training;
using static GpuNets.Tests.Cli.CommandRun;

namespace GpuNets.Tests.Parsing;

/// <summary>The run behind <c>gpunets train parsing</c>.</summary>
public sealed class ParsingRecipeTests
{
    private static readonly IModelRecipe s_recipe = ModelRegistry.Find("parsing");

    [Fact(Timeout = 60_000)]
    public async Task Every_preset_makes_sense_and_survives_the_editor()
    {
        await Task.Yield();
        foreach (string preset in s_recipe.Presets)
        {
            var options = (ParsingOptions)s_recipe.CreateOptions(preset);
            options.Validate();
            var changed = (ParsingOptions)RunOptionsEditor.Set(options, "data.folder=trees");
            Assert.Equal(options.Data with { Folder = "trees" }, changed.Data);
            Assert.Equal(options.Model, changed.Model);
            Assert.Equal(17, changed.WithSteps(17).Training.Steps);
            // Section 6.3: beam 21, alpha 0.3, as long as the input and 300 more; vocabularies of their own.
            Assert.Equal(new DecodingOptions { Beam = 21, LengthPenalty = 0.3, MaxExtraLength = 300 }, options.Decoding);
            Assert.Equal(EmbeddingSharing.None, options.Model.Sharing);
        }
        foreach (var (options, vocabulary) in new[] { (ParsingOptions.Wsj, 16_384), (ParsingOptions.SemiSupervised, 32_768) })
        {
            Assert.Equal((4, 4, 1024), (options.Model.EncoderLayers, options.Model.DecoderLayers, options.Model.Size));
            Assert.Equal(vocabulary, options.Data.VocabularySize);
        }
        var good = ParsingOptions.Small;
        foreach (var (wrong, says) in new (ParsingOptions, string)[]
        {
            (good with { Data = good.Data with { Folder = " " } }, "Data.Folder is empty"),
            (good with { Data = good.Data with { GeneratedTrees = 0 } }, "GeneratedTrees is 0"),
            (good with { Data = good.Data with { VocabularySize = 4 } }, "VocabularySize is 4"),
            (good with { Data = good.Data with { EvaluationTrees = 0 } }, "EvaluationTrees is 0"),
            (good with { Model = good.Model with { Sharing = EmbeddingSharing.All } }, "Sharing is All"),
            (good with { LearningRate = 0 }, "LearningRate is 0"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(wrong.Validate).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>60 is what the commonest trees get, 80 what this run got on the CPU device.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_short_run_parses_better_than_the_commonest_trees()
    {
        await Task.Yield();
        TestDevices.SkipUnlessCpu();   // 700 updates: minutes of launches on PoCL; short runs of translation learn on every device
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        WriteTrees(folder.Path);
        using var run = s_recipe.Open(lease.Device, Options(folder.Path), seed: 1);
        for (int i = 0; i < 699; i++) run.Step(i, report: false);
        Assert.InRange(run.Step(699, report: true).Metrics!["validationPerplexity"], 1, 1.2);
        var metrics = run.Evaluate();
        Assert.Equal("perplexity greedy.f1 greedy.precision greedy.recall greedy.exact greedy.tags greedy.skipped greedy.f1OfAll", string.Join(' ', metrics.Keys.Take(8)));
        double baseline = CommonestTrees(folder.Path).F1OfAll;
        Assert.InRange(baseline, 50, 65);
        Assert.InRange(metrics["greedy.f1OfAll"], 72, 100);
        Assert.InRange(metrics["beam3.f1OfAll"], 72, 100);
        Assert.InRange(metrics["greedy.tags"], 95, 100);

        var parser = (ITranslator)run;
        Assert.Equal(3, parser.Decoding.Beam);
        var found = parser.Translate(["the man saw a -LRB- dog", "", "he slept \u4e00 ("], DecodingOptions.Greedy);
        Assert.Equal(["the", "man", "saw", "a", "(", "dog"], Assert.Single(Treebank.Parse(found[0][0].Text)).Leaves.Select(leaf => leaf.Word));
        Assert.Equal("", found[1][0].Text);
        Assert.Equal(["he", "slept", "\u4e00", "("], Assert.Single(Treebank.Parse(found[2][0].Text)).Leaves.Select(leaf => leaf.Word));
        Assert.All(run.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 100));
        Assert.Contains("parse        (TOP (S", File.ReadAllText(folder.File("trees.txt")), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ten_updates_equal_five_saved_and_five_more()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var options = ParsingOptions.Small with { Data = new ParsingDataOptions { GeneratedTrees = 100, GeneratedEvaluationTrees = 5 } };
        options = options with { Model = options.Model with { Size = 16, HiddenSize = 16 } };
        using var straight = s_recipe.Open(lease.Device, options, seed: 1);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        using var half = s_recipe.Open(lease.Device, options, seed: 1);
        for (int i = 0; i < 5; i++) half.Step(i, report: false);
        using var rest = s_recipe.Open(lease.Device, options, seed: 1);
        rest.Restore(half.SaveModel(), half.SaveOptimizer());
        for (int i = 5; i < 10; i++) rest.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), rest.SaveModel()[tensor.Name].ToFloats());
    }

    [Fact(Timeout = 300_000)]
    public async Task A_trained_folder_parses_the_standard_input_without_its_treebank()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string trees = folder.File("trees"), run = folder.File("run");
        Directory.CreateDirectory(trees);
        WriteTrees(trees);
        File.Move(Path.Combine(trees, "val.trees"), Path.Combine(trees, "val.mrg"));
        string[] small =
        [
            $"Data.Folder={trees}", "Data.Vocabulary=BytePairs", "Data.VocabularySize=120", "Data.EvaluationTrees=5", "Model.Size=16", "Model.HiddenSize=16",
            "Model.Heads=2", "Model.EncoderLayers=1", "Model.DecoderLayers=1", "Model.MaxLength=64", "Decoding.Beam=2", "Decoding.MaxExtraLength=20",
        ];
        var (code, _, error) = Run("", ["train", "parsing", "--device", "cpu", "--steps", "3", "--out", run, "--json", .. small.SelectMany(set => (string[])["--set", set])]);
        Assert.True(code == 0, error);
        string scores = Run("", ["eval", run, "--device", "cpu", "--json"]).Output;
        Assert.Contains("beam2.f1", scores, StringComparison.Ordinal);
        Directory.Delete(trees, recursive: true);

        (code, string output, error) = Run("the man saw her .\n\n( x )\n", ["translate", "--model", run, "--device", "cpu"]);
        Assert.True(code == 0, error);
        string[] lines = output.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal(["the", "man", "saw", "her", "."], Assert.Single(Treebank.Parse(lines[0])).Leaves.Select(leaf => leaf.Word));
        Assert.Equal("", lines[1]);
        Assert.Equal(["(", "x", ")"], Assert.Single(Treebank.Parse(lines[2])).Leaves.Select(leaf => leaf.Word));

        (code, _, error) = Run("", ["train", "parsing", "--device", "cpu", "--steps", "3", "--out", folder.File("none"), "--set", $"Data.Folder={folder.Path}"]);
        Assert.Equal(2, code);
        Assert.Contains("train.trees, .mrg, .ptb", error, StringComparison.Ordinal);
        File.WriteAllText(folder.File("train.ptb"), "(S (NP (NN a)))\n(S (NP a b))\n");
        (code, _, error) = Run("", ["train", "parsing", "--device", "cpu", "--steps", "3", "--out", folder.File("none"), "--set", $"Data.Folder={folder.Path}"]);
        Assert.Equal(2, code);
        Assert.Contains("train.ptb: line 2: the tag NP has two words, 'a' and 'b'", error, StringComparison.Ordinal);
    }

    /// <summary>Short generated trees: enough to attach wrongly, little to compute.</summary>
    private static void WriteTrees(string folder)
    {
        foreach (var (split, count, seed) in new[] { ("train", 3_000, 1ul), ("val", 20, 2ul), ("test", 60, 3ul) })
            Treebank.Write(Path.Combine(folder, $"{split}.trees"), GeneratedTreebank.Generate(5 * count, seed).Where(tree => tree.Leaves.Count() <= 9).Take(count));
    }

    /// <summary>For each test sentence the tree that training sentences of as many words have most often, over its own words.</summary>
    private static BracketScore CommonestTrees(string folder)
    {
        var train = Treebank.Read(Path.Combine(folder, "train.trees"));
        var test = Treebank.Read(Path.Combine(folder, "test.trees"));
        var form = TreeLinearization.Of(train);
        var commonest = train.GroupBy(tree => tree.Leaves.Count())
            .ToDictionary(group => group.Key, group => group.CountBy(tree => string.Join(' ', form.Write(tree))).MaxBy(pair => pair.Value).Key.Split(' '));
        return Evalb.Corpus([.. test.Select(tree => form.Read([.. tree.Leaves.Select(leaf => leaf.Word!)], commonest[tree.Leaves.Count()]))], test);
    }

    private static ParsingOptions Options(string folder) => new()
    {
        Training = new TrainerOptions { Steps = 700 },
        Data = new ParsingDataOptions { Folder = folder },
        Model = new TransformerOptions
        {
            EncoderLayers = 1,
            DecoderLayers = 1,
            Size = 48,
            HiddenSize = 96,
            Heads = 4,
            Dropout = 0,
            LabelSmoothing = 0,
            MaxLength = 64,
            Sharing = EmbeddingSharing.None,
        },
        Batches = new TokenBatchOptions { Tokens = 600 },
        LearningRate = 0.5f,
        Warmup = 100,
        ReportPairs = 20,
        Decoding = new DecodingOptions { Beam = 3, LengthPenalty = 0.3, MaxExtraLength = 40 },
    };
}
