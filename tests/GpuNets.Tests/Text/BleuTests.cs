using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>BLEU against published scores and against the cases that sacreBLEU is tested with.</summary>
public sealed class BleuTests
{
    private static readonly string[] _hypotheses = ["The dog bit the man.", "It wasn't surprising.", "The man had just bitten him."];

    private static readonly string[][] _references =
    [
        ["The dog bit the man.", "It was not unexpected.", "The man bit him first."],
        ["The dog had bit the man.", "No one was surprised.", "The man had bitten the dog."],
    ];

    [Fact(Timeout = 120_000)]
    public async Task Sixteen_systems_get_their_official_scores()
    {
        await Task.Yield();
        string folder = TestData.Folder("bleu_reference");
        var reference = TextFile.ReadLines(Path.Combine(folder, "newstest2017.reference.de.gz"));
        int systems = 0;
        foreach (string line in TextFile.ReadLines(Path.Combine(folder, "expected_scores.tsv")).Skip(1))
        {
            string[] parts = line.Split('\t');
            if (!parts[0].EndsWith(".en-de", StringComparison.Ordinal)) continue;
            var score = Bleu.Corpus(TextFile.ReadLines(Path.Combine(folder, $"newstest2017.{parts[0]}.gz")), reference);
            Assert.Equal(double.Parse(parts[1]), Math.Round(score.Score, 2));
            if (parts[0].StartsWith("uedin", StringComparison.Ordinal)) Assert.Equal(28.301, Math.Round(score.Score, 3));
            if (parts[0].StartsWith("online-F", StringComparison.Ordinal)) Assert.Equal(15.452, Math.Round(score.Score, 3));
            systems++;
        }
        Assert.Equal(16, systems);
    }

    [Fact(Timeout = 60_000)]
    public async Task Tokens_between_spaces_give_the_published_score_to_all_digits()
    {
        await Task.Yield();
        string folder = TestData.Folder("bleu_reference");
        var output = TextFile.ReadLines(Path.Combine(folder, "nmt_deen_output.txt.gz"));
        string[] pairs = [.. TextFile.ReadLines(Path.Combine(folder, "nmt_deen_ref_bpe.txt.gz")).Select(line => line.Replace("@@ ", "", StringComparison.Ordinal))];
        string[] pieces = [.. TextFile.ReadLines(Path.Combine(folder, "nmt_deen_ref_spm.txt.gz"))
            .Select(line => line.Replace(" ", "", StringComparison.Ordinal).Replace('\u2581', ' '))];
        var options = new BleuOptions { Tokenization = BleuTokenization.Spaces, Smoothing = BleuSmoothing.None };
        // The published digits are cut, not rounded: counted exactly it is 22.585508457350353...
        Assert.Equal(22.5855084573, Math.Truncate(Bleu.Corpus(output, pairs, options).Score * 1e10) / 1e10);
        Assert.Equal(22.5855084573, Math.Truncate(Bleu.Corpus(output, pieces, options).Score * 1e10) / 1e10);
        Assert.Equal("22.5847", $"{Bleu.Corpus(output, pairs, options with { Tokenization = BleuTokenization.None }).Score:F4}");
    }

    [Fact(Timeout = 20_000)]
    public async Task Cases_of_sacreBLEU()
    {
        await Task.Yield();
        Assert.Equal(48.530827, Bleu.Corpus(_hypotheses, _references).Score, 6);
        Assert.Equal(49.1919566, Bleu.Corpus(_hypotheses, _references, new BleuOptions { Tokenization = BleuTokenization.None }).Score, 6);
        Assert.Equal(48.530827, Bleu.Corpus(_hypotheses, _references, new BleuOptions { Smoothing = BleuSmoothing.None }).Score, 6);
        Assert.Equal(0, Bleu.Corpus(["", "", ""], _references).Score);
        var none = new BleuOptions { Tokenization = BleuTokenization.None, Smoothing = BleuSmoothing.None };
        Assert.Equal(100, Bleu.Corpus(["this is a test"], ["this is a test"], none).Score, 9);
        Assert.Equal(0, Bleu.Corpus(["this is a fest"], ["this is a test"], none).Score);
        var effective = none with { EffectiveOrder = true };
        Assert.Equal(36.78794411714425, Bleu.Corpus(["test"], ["a test"], effective).Score, 9);
        Assert.Equal(100, Bleu.Corpus(["a test"], ["a test"], effective).Score, 9);
    }

    [Fact(Timeout = 20_000)]
    public async Task Counts_and_penalty_are_in_the_result()
    {
        await Task.Yield();
        // Published statistics of this pair: matches 4, 2, 1, 0 of 6, 5, 4, 3.
        var score = Bleu.Corpus(["am I am a character sequence"], ["I am a symbol string sequence a a"]);
        Assert.Equal([4, 2, 1, 0], score.Matches);
        Assert.Equal([6, 5, 4, 3], score.Totals);
        Assert.Equal(Math.Exp(1 - 8 / 6.0), score.BrevityPenalty, 12);
        Assert.Equal(100.0 / (2 * 3), score.Precisions[3], 12);
        double expected = score.BrevityPenalty * Math.Pow(4 / 6.0 * (2 / 5.0) * (1 / 4.0) * (1 / 6.0), 0.25) * 100;
        Assert.Equal(expected, score.Score, 10);
        Assert.StartsWith("BLEU|nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|version:gpunets-", score.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("66.7/40.0/25.0/16.7 (BP = 0.717 ratio = 0.750 hyp_len = 6 ref_len = 8)", score.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, Bleu.Corpus(["am I am a character sequence"], ["I am a symbol string sequence a a"], new BleuOptions { Smoothing = BleuSmoothing.None }).Score);
    }

    public static TheoryData<string, string> Marks => new()
    {
        { "Hello, world. It's 1,000.5 (ok)!", "Hello , world . It's 1,000.5 ( ok ) !" },
        { "1990-95 a-b &quot;x&quot; &amp;amp; <skipped>y", "1990 - 95 a-b \" x \" & amp ; y" },
        { "10.", "10 ." },
        { "„Größe“ 5,5-mal", "„Größe“ 5,5 - mal" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Marks))]
    public async Task Plain_text_splits_as_in_mteval(string line, string words)
    {
        await Task.Yield();
        // A text scores 100 against its own words only if both split the same.
        var effective = new BleuOptions { EffectiveOrder = true };
        Assert.Equal(words.Split(' ').Length, Bleu.Corpus([line], [line]).HypothesisLength);
        Assert.Equal(100, Bleu.Corpus([line], [words.Replace("&", "&amp;", StringComparison.Ordinal)], effective).Score, 9);
    }

    [Fact(Timeout = 20_000)]
    public async Task Compounds_split_on_both_sides()
    {
        await Task.Yield();
        var compounds = new BleuOptions { Tokenization = BleuTokenization.Compounds };
        Assert.Equal(9, Bleu.Corpus(["ein rot-grün Haus a-b-c -"], ["x"], compounds).HypothesisLength);
        var split = compounds with { Tokenization = BleuTokenization.None };
        Assert.Equal(
            Bleu.Corpus(["ein rot ##AT##-##AT## grün Haus"], ["ein rot ##AT##-##AT## blau Haus"], split).Score,
            Bleu.Corpus(["ein rot-grün Haus"], ["ein rot-blau Haus"], compounds).Score);
        Assert.True(Bleu.Corpus(["ein rot-grün Haus da"], ["ein rot-blau Haus da"], compounds).Score
            > Bleu.Corpus(["ein rot-grün Haus da"], ["ein rot-blau Haus da"], split).Score);
        Assert.Equal(100, Bleu.Corpus(["EIN HAUS IST DA"], ["ein Haus ist da"], new BleuOptions { LowerCase = true }).Score, 9);
    }

    [Fact(Timeout = 20_000)]
    public async Task Lines_that_do_not_pair_are_refused()
    {
        await Task.Yield();
        Assert.Contains("2 lines of output but 1 references", Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a", "b"], ["a"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Bleu.Corpus([], (string[])[]));
        Assert.Throws<ArgumentException>(() => Bleu.Corpus(["a"], (string[][])[]));
    }
}
