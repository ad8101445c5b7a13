using GpuNets.Cli;
using GpuNets.Models;
using GpuNets.Training;
using static GpuNets.Tests.Cli.CommandRun;

namespace GpuNets.Tests.Translation;

/// <summary>The run behind <c>gpunets train multi30k</c> and <c>translate</c>, on a toy language.</summary>
public sealed class TranslationRecipeTests
{
    private static readonly IModelRecipe s_recipe = ModelRegistry.Find("multi30k");

    [Fact(Timeout = 60_000)]
    public async Task Every_preset_makes_sense_and_survives_the_editor()
    {
        await Task.Yield();
        foreach (string preset in s_recipe.Presets)
        {
            var options = (TranslationOptions)s_recipe.CreateOptions(preset);
            options.Validate();
            var changed = (TranslationOptions)RunOptionsEditor.Set(options, "model.heads=2");
            Assert.Equal(options.Model with { Heads = 2 }, changed.Model);
            Assert.Equal(options.Data, changed.Data);
            Assert.Equal(17, changed.WithSteps(17).Training.Steps);
        }
        var good = TranslationOptions.Tutorial;
        foreach (var (wrong, says) in new (TranslationOptions, string)[]
        {
            (good with { Data = good.Data with { Pair = "de" } }, "Data.Pair is 'de'"),
            (good with { Data = good.Data with { TrainPairs = 0 } }, "TrainPairs is 0"),
            (good with { Data = good.Data with { Corpus = TranslationCorpus.Files } }, "Data.Folder"),
            (good with { LearningRate = 0 }, "LearningRate is 0"),
            (good with { BatchesPerUpdate = 0 }, "BatchesPerUpdate is 0"),
            (good with { Warmup = 0 }, "Warmup is 0"),
            (good with { Beta2 = 1 }, "Beta2 (1)"),
            (good with { ReportPairs = 0 }, "ReportPairs is 0"),
            (good with { Model = good.Model with { MaxLength = 1 } }, "MaxLength is 1"),
            (good with { Model = good.Model with { Sharing = EmbeddingSharing.All } }, "JointBytePairs"),
            (good with { Decoding = new DecodingOptions { Beam = 0 } }, "Beam is 0"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(wrong.Validate).Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<TranslationVocabulary> Vocabularies => [.. Enum.GetValues<TranslationVocabulary>()];

    [Theory(Timeout = 300_000), MemberData(nameof(Vocabularies))]
    public async Task Learns_a_toy_language(TranslationVocabulary vocabulary)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        ToyLanguage.Write(folder.Path);
        using var run = s_recipe.Open(lease.Device, Options(folder.Path, vocabulary), seed: 1);
        for (int i = 0; i < 250; i++) run.Step(i, report: false);
        var result = run.Step(250, report: true);
        Assert.InRange(result.Metrics!["validationPerplexity"], 1, 1.3);
        var metrics = run.Evaluate();
        Assert.Equal(["perplexity", "greedy.bleu", "greedy.chrF", "beam2.bleu", "beam2.chrF"], metrics.Keys);
        Assert.InRange(metrics["perplexity"], 1, 1.3);
        // Few sentences have four words, which BLEU asks for.
        Assert.InRange(metrics["greedy.chrF"], 75, 100.001);
        Assert.InRange(metrics["beam2.chrF"], 75, 100.001);

        var translator = (ITranslator)run;
        var found = translator.Translate(["ein zwei drei", "", "  ", "vier"], new DecodingOptions { Beam = 2, Best = 2 });
        string[] known = File.ReadAllLines(folder.File("train.xx")), right = File.ReadAllLines(folder.File("train.yy"));
        var said = translator.Translate(known, DecodingOptions.Greedy);
        Assert.InRange(said.Zip(right).Count(pair => pair.First[0].Text == pair.Second), 0.7 * known.Length, known.Length);
        Assert.Equal("quatre", found[3][0].Text);
        Assert.True(found[0].Count == 2 && found[0][0].Score >= found[0][1].Score);
        Assert.All(found.Skip(1).Take(2), empty => Assert.Equal("", Assert.Single(empty).Text));
        // Unknown symbols do not stop it.
        Assert.Single(translator.Translate(["ein \u4e00\u4e8c zwei"], DecodingOptions.Greedy)[0]);
        var tooLong = Assert.Throws<LineTooLongException>(() => translator.Translate(["ein", string.Join(' ', Enumerable.Repeat("ein", 40))], DecodingOptions.Greedy));
        Assert.Equal(1, tooLong.Line);
        Assert.Contains("Line 2 has 41 tokens, but the model takes 24", tooLong.Message, StringComparison.Ordinal);
        Assert.All(run.Plot(folder.Path), file => Assert.True(new FileInfo(file).Length > 100));
        Assert.Contains("translation", File.ReadAllText(folder.File("translations.txt")), StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Ten_updates_equal_five_saved_and_five_more()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        ToyLanguage.Write(folder.Path);
        var options = Options(folder.Path, TranslationVocabulary.JointBytePairs);
        options = options with { Model = options.Model with { Dropout = 0.1f }, BatchesPerUpdate = 2 };
        using var straight = s_recipe.Open(lease.Device, options, seed: 1);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        using var half = s_recipe.Open(lease.Device, options, seed: 1);
        for (int i = 0; i < 5; i++) half.Step(i, report: false);
        using var rest = s_recipe.Open(lease.Device, options, seed: 1);
        rest.Restore(half.SaveModel(), half.SaveOptimizer());
        for (int i = 5; i < 10; i++) rest.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), rest.SaveModel()[tensor.Name].ToFloats());
    }

    /// <summary>The vocabulary lies beside the checkpoints: a run translates where its corpus is not.</summary>
    [Fact(Timeout = 300_000)]
    public async Task A_trained_folder_translates_the_standard_input_without_its_corpus()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string corpus = folder.File("corpus"), run = folder.File("run");
        Directory.CreateDirectory(corpus);
        ToyLanguage.Write(corpus);
        string[] small =
        [
            "Data.Corpus=Files", $"Data.Folder={corpus}", "Data.Pair=xx-yy", "Model.Size=16", "Model.HiddenSize=16", "Model.Heads=2", "Model.EncoderLayers=1",
            "Model.DecoderLayers=1", "Model.MaxLength=12", "Batches.Sentences=32", "Decoding.Beam=2",
        ];
        var (code, _, error) = Run("", ["train", "multi30k", "--device", "cpu", "--steps", "3", "--out", run, "--json", .. small.SelectMany(set => (string[])["--set", set])]);
        Assert.True(code == 0, error);
        string scores = Run("", ["eval", run, "--bleu", "--device", "cpu", "--json"]).Output;
        Assert.Contains("greedy.bleu", scores, StringComparison.Ordinal);
        Assert.Contains("beam2.chrF", scores, StringComparison.Ordinal);
        Assert.DoesNotContain("perplexity", scores.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], StringComparison.Ordinal);
        Directory.Delete(corpus, recursive: true);

        (code, string output, error) = Run("ein zwei\n\nvier\n", ["translate", "--model", run, "--device", "cpu"]);
        Assert.True(code == 0, error);
        string[] lines = output.Split('\n');
        Assert.Equal(4, lines.Length);
        Assert.Equal("", lines[1]);
        // Line by line is the same as together.
        Assert.Equal(output, Run("ein zwei\n\nvier\n", ["translate", "--model", run, "--device", "cpu", "--batch", "1"]).Output);
        (code, output, error) = Run($"ein\n{string.Join(' ', Enumerable.Repeat("zwei", 30))}\ndrei\n", ["translate", "--model", run, "--device", "cpu", "--beam", "3", "--best", "2"]);
        Assert.Equal(1, code);
        Assert.Contains("input line 2 is left out", error, StringComparison.Ordinal);
        Assert.Equal(5, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);

        string mean = folder.File("mean");
        (code, _, error) = Run("", ["average", run, "--last", "1", "--out", mean]);
        Assert.True(code == 0, error);
        Assert.Equal(Run("ein zwei\n", ["translate", "--model", run, "--device", "cpu"]).Output, Run("ein zwei\n", ["translate", "--model", mean, "--device", "cpu"]).Output);
        Assert.Contains("5 are to be averaged", Run("", ["average", run, "--out", folder.File("none")]).Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("none")));

        File.WriteAllText(Path.Combine(run, "tokenizer.source.json"), "{}");
        Assert.Equal(2, Run("ein\n", ["translate", "--model", run, "--device", "cpu"]).Code);
    }

    private static TranslationOptions Options(string folder, TranslationVocabulary vocabulary) => new()
    {
        Training = new TrainerOptions { Steps = 251 },
        Data = new TranslationDataOptions { Corpus = TranslationCorpus.Files, Folder = folder, Pair = "xx-yy", Vocabulary = vocabulary, VocabularySize = 60, MinimumFrequency = 1 },
        Model = new TransformerOptions
        {
            EncoderLayers = 1,
            DecoderLayers = 1,
            Size = 32,
            HiddenSize = 64,
            Heads = 2,
            Dropout = 0,
            MaxLength = 24,
            LabelSmoothing = 0,
            Sharing = vocabulary == TranslationVocabulary.JointBytePairs ? EmbeddingSharing.All : EmbeddingSharing.Decoder,
        },
        Batches = new TokenBatchOptions { Tokens = 200 },
        LearningRate = 5e-3f,
        ReportPairs = 10,
        Decoding = new DecodingOptions { Beam = 2 },
    };
}
