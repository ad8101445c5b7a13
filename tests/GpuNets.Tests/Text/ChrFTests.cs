using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>chrF against the cases that sacreBLEU is tested with, and perplexity.</summary>
public sealed class ChrFTests
{
    public static TheoryData<string, string, double> Cases => new()
    {
        { "a", "a", 100 },
        { "", "reference", 0 },
        { "a b c", "a b c", 100 },
        { "a b c", "abc", 100 },
        { "", "c", 0 },
        { "a\nb", "a\nc", 50 },
        { "aa", "ab", 25 },
        { " Die    Beziehung zwischen  Obama und Netanjahu ist nicht gerade  freundlich. ", "Das Verhältnis zwischen Obama und Netanyahu ist nicht gerade freundschaftlich.", 64.1302698 },
        { " risk assessment must be made of those who are qualified and expertise in the sector - these are the scientists .",
            "risk assessment has to be undertaken by those who are qualified and expert in that area - that is the scientists .", 63.361730 },
        { "Niemand hat die Absicht, eine Mauer zu errichten", "Niemand hat die Absicht, eine Mauer zu errichten", 100 },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Cases))]
    public async Task Cases_of_sacreBLEU(string hypotheses, string references, double expected)
    {
        await Task.Yield();
        Assert.Equal(expected, ChrF.Corpus(hypotheses.Split('\n'), references.Split('\n'), new ChrFOptions { Beta = 3 }).Score, 4);
    }

    [Fact(Timeout = 20_000)]
    public async Task Words_count_in_chrF_plus_plus()
    {
        await Task.Yield();
        // Characters: 5 of 6, 3 of 5, 2 of 4, 1 of 3, none of 2 and 1; words "(ab", ")", "cd" to "(ab", ")", "ce": 2 of 3, 1 of 2.
        string hypothesis = "(ab) cd", reference = "(ab) ce";
        double[] shares = [5 / 6.0, 4 / 5.0, 3 / 4.0, 2 / 3.0, 1 / 2.0, 0];
        Assert.Equal(100 * shares.Average(), ChrF.Corpus([hypothesis], [reference]).Score, 9);
        double[] words = [.. shares, 2 / 3.0, 1 / 2.0];
        var score = ChrF.Corpus([hypothesis], [reference], ChrFOptions.PlusPlus);
        Assert.Equal(100 * words.Average(), score.Score, 9);
        Assert.Equal(words.Average(), score.Recall, 9);
        Assert.StartsWith("chrF2++|nrefs:1|case:mixed|eff:yes|nc:6|nw:2|space:no|version:gpunets-", score.ToString(), StringComparison.Ordinal);
        Assert.Equal(100, ChrF.Corpus(["ÄB"], ["äb"], new ChrFOptions { LowerCase = true }).Score);
        // A character beyond the basic plane is one character.
        Assert.Equal(100.0 / 3, ChrF.Corpus(["😀"], ["😀ab"], new ChrFOptions { CharacterOrder = 1, Beta = 1 }).Recall * 100, 9);
    }

    [Fact(Timeout = 20_000)]
    public async Task What_makes_no_sense_is_refused()
    {
        await Task.Yield();
        Assert.Throws<ArgumentException>(() => ChrF.Corpus([], []));
        Assert.Contains("1 lines of output but 2 references", Assert.Throws<ArgumentException>(() => ChrF.Corpus(["a"], ["a", "b"])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => ChrF.Corpus(["a"], ["a"], new ChrFOptions { CharacterOrder = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChrF.Corpus(["a"], ["a"], new ChrFOptions { WordOrder = -1 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => ChrF.Corpus(["a"], ["a"], new ChrFOptions { Beta = 0 }));
    }

    [Fact(Timeout = 20_000)]
    public async Task Perplexity_weighs_batches_by_their_tokens()
    {
        await Task.Yield();
        var perplexity = new Perplexity();
        Assert.True(double.IsNaN(perplexity.Value));
        perplexity.Add(Math.Log(2), 30);
        perplexity.Add(Math.Log(32), 10);
        perplexity.Add(double.NaN, 0);
        Assert.Equal(4, perplexity.Value, 12);
        Assert.Equal(40, perplexity.Tokens);
        Assert.Throws<ArgumentOutOfRangeException>(() => perplexity.Add(1, -1));
        perplexity.Clear();
        Assert.Equal(0, perplexity.Tokens);
    }
}
