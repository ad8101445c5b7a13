using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Raw text taken apart into words and put together.</summary>
public sealed class WordSplitterTests
{
    public static TheoryData<string, string, string> Lines => new()
    {
        { "en", "A man's dog, isn't it?", "A man 's dog , isn 't it ?" },
        { "en", "Dr. Smith paid $5,300.50 (cash) at 3 p.m. in the U.S. today.", "Dr. Smith paid $ 5,300.50 ( cash ) at 3 p.m. in the U.S. today ." },
        { "en", "Wait... what?!", "Wait ... what ? !" },
        { "en", "the 1990's well-known \"quote\" and/or 50%", "the 1990 's well-known \" quote \" and / or 50 %" },
        { "en", "one,two 1,2 end,", "one , two 1,2 end ," },
        { "de", "Am 3. Mai, z.B. um 10.30 Uhr: \"Hallo!\"", "Am 3. Mai , z.B. um 10.30 Uhr : \" Hallo ! \"" },
        { "de", "Peter's Hund", "Peter ' s Hund" },
        { "fr", "L'homme d'aujourd'hui n'est pas là.", "L' homme d' aujourd' hui n' est pas là ." },
        { "it", "a.b c. D e.", "a.b c . D e ." },
        { "en", "smile 😀!", "smile 😀 !" },
        { "en", "a😀b", "a 😀 b" },
        { "en", "", "" },
        { "en", " \t ", "" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Lines))]
    public async Task Lines_split_into_words(string language, string line, string expected)
    {
        await Task.Yield();
        var splitter = new WordSplitter(language);
        Assert.Equal(expected, string.Join(' ', splitter.Split(line)));
        Assert.Equal(expected, string.Join(' ', splitter.Split(expected)));
    }

    public static TheoryData<string, string> Written => new()
    {
        { "en", "A man's dog, isn't it?" },
        { "en", "He said \"yes (really)\" and 'no' for $5 or 50%." },
        { "en", "The boys' ball... is well-known!" },
        { "de", "Ein Mann, der \"Hallo!\" ruft: ja; 10.30 Uhr." },
        { "fr", "L'homme d'une ville n'est pas là." },
        { "fr", "Vraiment ? Oui !" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Written))]
    public async Task Words_join_as_people_write(string language, string line)
    {
        await Task.Yield();
        var splitter = new WordSplitter(language);
        Assert.Equal(line, splitter.Join(splitter.Split(line)));
    }

    [Fact(Timeout = 20_000)]
    public async Task Escapes_are_undone_once()
    {
        await Task.Yield();
        Assert.Equal("'s \" & < > | [ ] &lt;", WordSplitter.Unescape("&apos;s &quot; &amp; &lt; &gt; &#124; &#91; &#93; &amp;lt;"));
        Assert.Equal("\"a\" 'b' - c... \"d\" l'oeil \"e\"", WordSplitter.NormalizePunctuation("„a“ ‚b‘ – c… «d» l’oeil ''e''"));
        Assert.Equal("a-b", new WordSplitter("en").Join(["a", "@-@", "b"]));
        Assert.Throws<ArgumentException>(() => new WordSplitter(""));
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_but_white_space_is_lost_and_split_text_stays()
    {
        await Task.Yield();
        string[] pieces = ["a", "B", "é", "ß", "中", "😀", "\u0301", "'", "s", ".", "..", ",", "-", "\"", "(", "]", "3", "10", "&", "/", "`", "@", " ", "  ", "\t", "\u00a0", "l'", "'s ", "Dr. "];
        var random = new Philox(17);
        uint draw = 0;
        foreach (string language in (string[])["en", "de", "fr", "xx"])
        {
            var splitter = new WordSplitter(language);
            for (int trial = 0; trial < 2000; trial++)
            {
                string line = string.Concat(Enumerable.Range(0, random.Below(draw++, 14)).Select(_ => pieces[random.Below(draw++, pieces.Length)]));
                string[] words = splitter.Split(line);
                Assert.DoesNotContain("", words);
                Assert.Equal(Dense(line), string.Concat(words));
                Assert.Equal(Dense(line), Dense(splitter.Join(words)));
            }
        }

        static string Dense(string line) => string.Concat(line.Where(c => !char.IsWhiteSpace(c)));
    }

    [Theory(Timeout = 60_000)]
    [InlineData("de-en", "de")]
    [InlineData("en-de", "en")]
    [InlineData("fr-en", "fr")]
    public async Task Real_text_that_was_split_stays(string pair, string language)
    {
        await Task.Yield();
        var splitter = new WordSplitter(language);
        var raw = TextData.Multi30k(pair, CorpusSplit.Train).Source;
        int changed = 0;
        foreach (string line in raw)
        {
            string once = string.Join(' ', splitter.Split(line)), twice = string.Join(' ', splitter.Split(once));
            if (once == twice) continue;
            if (changed++ < 20) TestContext.Current.TestOutputHelper?.WriteLine($"{once}\n{twice}\n");
        }
        Assert.True(changed <= raw.Count / 1000, $"{changed} of {raw.Count} lines change when they are split again");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("de-en", "de", 0.998)]
    [InlineData("en-de", "en", 0.998)]
    [InlineData("fr-en", "fr", 0.997)]
    public async Task Real_text_splits_as_its_authors_did(string pair, string language, double expected)
    {
        await Task.Yield();
        var raw = TextData.Multi30k(pair, CorpusSplit.Validation).Source;
        var tokens = TextData.Multi30k(pair, CorpusSplit.Validation, tokenized: true).Source;
        var splitter = new WordSplitter(language);
        var different = Enumerable.Range(0, raw.Count).Select(i => (
            Ours: string.Join(' ', splitter.Split(WordSplitter.NormalizePunctuation(raw[i]))).ToLowerInvariant(),
            Theirs: WordSplitter.Unescape(tokens[i]))).Where(line => line.Ours != line.Theirs).ToList();
        foreach (var (ours, theirs) in different.Take(20)) TestContext.Current.TestOutputHelper?.WriteLine($"{ours}\n{theirs}\n");
        double equal = 1 - (double)different.Count / raw.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal:P2} of {raw.Count} lines are equal");
        Assert.True(equal >= expected, $"{equal:P2} of the lines are equal");
    }

    [Theory(Timeout = 60_000)]
    [InlineData("de-en", "de", 0.99)]
    [InlineData("en-de", "en", 0.99)]
    [InlineData("fr-en", "fr", 0.99)]
    public async Task Real_text_comes_back(string pair, string language, double expected)
    {
        await Task.Yield();
        var raw = TextData.Multi30k(pair, CorpusSplit.Validation).Source;
        var splitter = new WordSplitter(language);
        var different = raw.Select(line => (Back: splitter.Join(splitter.Split(line)), Line: line.Trim())).Where(pair => pair.Back != pair.Line).ToList();
        foreach (var (back, line) in different.Take(20)) TestContext.Current.TestOutputHelper?.WriteLine($"{back}\n{line}\n");
        double equal = 1 - (double)different.Count / raw.Count;
        TestContext.Current.TestOutputHelper?.WriteLine($"{equal:P2} of {raw.Count} lines are equal");
        Assert.True(equal >= expected, $"{equal:P2} of the lines are equal");
    }
}
