using System.Diagnostics;
using System.Text;
using GpuNets.Reference;
using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Byte pairs learned, applied, undone, imported.</summary>
public sealed class BpeTokenizerTests
{
    private static (string Left, string Right)[] Merges(BpeTokenizer tokenizer, TempFolder temp)
    {
        tokenizer.Export(temp.File("codes"), temp.File("vocabulary"));
        var lines = TextFile.ReadLines(temp.File("codes"));
        Assert.Equal("#version: 0.2", lines[0]);
        return [.. lines.Skip(1).Select(line => line.Split(' ')).Select(parts => (parts[0], parts[1]))];
    }

    private static Dictionary<string, long> Count(IEnumerable<string> lines) =>
        lines.SelectMany(line => line.Split(' ')).GroupBy(word => word).ToDictionary(group => group.Key, group => (long)group.Count());

    [Fact(Timeout = 20_000)]
    public async Task The_example_of_the_paper()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string[] lines = [.. Enumerable.Repeat("low", 5), .. Enumerable.Repeat("lower", 2), .. Enumerable.Repeat("newest", 6), .. Enumerable.Repeat("widest", 3)];
        var tokenizer = BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 4 + 2 * 10 + 4 });
        Assert.Equal([("s", "t</w>"), ("e", "st</w>"), ("l", "o"), ("w", "est</w>")], Merges(tokenizer, temp));
        Assert.Equal(["lo@@", "west"], tokenizer.Encode("lowest").Select(id => tokenizer.Vocabulary[id]));
        Assert.Equal(["lo@@", "w"], tokenizer.Encode("low").Select(id => tokenizer.Vocabulary[id]));
        Assert.Equal("lowest low", tokenizer.Decode(tokenizer.Encode("lowest low")));
        Assert.Equal([Vocabulary.Unknown], tokenizer.Encode("ß"));
        Assert.Equal("low<unk> er", tokenizer.Decode([.. tokenizer.Encode("lowß"), .. tokenizer.Encode("er")]));
    }

    [Theory(Timeout = 60_000)]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    [InlineData(3, 5)]
    public async Task Merges_are_those_of_counting_anew(uint seed, int minimumFrequency)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string[] lines = TextData.Sample(60, seed);
        var words = Count(lines);
        var expected = BpeReference.Learn(words, 1000, minimumFrequency);
        var tokenizer = BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 10_000, MinimumFrequency = minimumFrequency });
        Assert.Equal(expected, Merges(tokenizer, temp));
        foreach (string word in words.Keys.Concat(["lowlow", "aaaaaa", "newaaaawide", "😀😀"]))
            Assert.Equal(BpeReference.Apply(word, expected), Symbols(tokenizer, word));
    }

    [Fact(Timeout = 120_000)]
    public async Task Merges_of_real_text_are_those_of_counting_anew()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var corpus = TextData.Multi30k("de-en", CorpusSplit.Test, tokenized: true);
        string[] lines = [.. corpus.Source, .. corpus.Target];
        var expected = BpeReference.Learn(Count(lines), 300);
        var merges = Merges(BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 800 }), temp);
        Assert.Equal(expected, merges.Take(300));
    }

    [Fact(Timeout = 60_000)]
    public async Task Ten_thousand_ids_of_Multi30k_take_seconds_and_text_comes_back()
    {
        await Task.Yield();
        var corpus = TextData.Multi30k("de-en", CorpusSplit.Train, tokenized: true);
        var watch = Stopwatch.StartNew();
        var tokenizer = BpeTokenizer.Learn(corpus.Source.Concat(corpus.Target), new BpeOptions { VocabularySize = 10_000 });
        double learned = watch.Elapsed.TotalSeconds;
        var encoded = EncodedCorpus.Of(corpus, tokenizer, tokenizer);
        double all = watch.Elapsed.TotalSeconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{tokenizer}: learned in {learned:F2} s, {encoded} encoded in {all - learned:F2} s");
        Assert.Equal(10_000, tokenizer.Vocabulary.Count);
        Assert.True(all < 30, $"{all} s");
        for (int i = 0; i < corpus.Count; i += 7) Assert.Equal(Single(corpus.Source[i]), tokenizer.Decode(encoded.Source[i]));
        // Of text that was not learned from, only characters that never occurred are lost.
        var test = TextData.Multi30k("de-en", CorpusSplit.Test, tokenized: true);
        foreach (string line in test.Source.Concat(test.Target))
        {
            int[] ids = tokenizer.Encode(line);
            if (!ids.Contains(Vocabulary.Unknown)) Assert.Equal(Single(line), tokenizer.Decode(ids));
        }
        Assert.True(test.Source.Concat(test.Target).Sum(line => tokenizer.Encode(line).Count(id => id == Vocabulary.Unknown)) < 10);

        static string Single(string line) => string.Join(' ', line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact(Timeout = 60_000)]
    public async Task Random_text_of_known_characters_comes_back()
    {
        await Task.Yield();
        Rune[] alphabet = [.. "abcABC@</w>._-'\"&;#äßéЖ中文한ह\u0301\u200d\uFFFD\uE000".EnumerateRunes(), new Rune(0x1F600), new Rune(0x10FFFF)];
        var random = new Philox(11);
        uint draw = 0;
        string Text(int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ =>
            string.Concat(Enumerable.Range(0, 1 + random.Below(draw++, 8)).Select(_ => alphabet[Math.Min(random.Below(draw++, alphabet.Length), random.Below(draw++, alphabet.Length))].ToString()))));
        string[] corpus = [string.Join(' ', alphabet), "a@@ a@@ a@@ @@ @@ @@@ @@@ x</w> x</w> </w> </w>", .. Enumerable.Range(0, 300).Select(_ => Text(12))];
        var tokenizer = BpeTokenizer.Learn(corpus, new BpeOptions { VocabularySize = 1000 });
        using var temp = new TempFolder();
        tokenizer.Save(temp.File("a.json"));
        var loaded = BpeTokenizer.Load(temp.File("a.json"));
        foreach (string line in corpus.Concat(Enumerable.Range(0, 300).Select(_ => Text(15))))
        {
            int[] ids = tokenizer.Encode(line);
            Assert.DoesNotContain(Vocabulary.Unknown, ids);
            Assert.Equal(line, tokenizer.Decode(ids));
            Assert.Equal(ids, loaded.Encode(line));
        }
        Assert.True(tokenizer.Merges > 300);
    }

    [Fact(Timeout = 30_000)]
    public async Task A_very_long_word_takes_its_time_once()
    {
        await Task.Yield();
        var tokenizer = BpeTokenizer.Learn(TextData.Sample(100), new BpeOptions { VocabularySize = 200 });
        string line = string.Concat(Enumerable.Repeat("newerlowestaaaaa", 30_000));
        var watch = Stopwatch.StartNew();
        int[] ids = tokenizer.Encode(line);
        Assert.Equal(line, tokenizer.Decode(ids));
        Assert.True(watch.Elapsed.TotalSeconds < 10, $"{watch.Elapsed}");
        Assert.True(ids.Length < line.Length / 2);
        Assert.Equal([Vocabulary.Unknown, Vocabulary.Unknown], tokenizer.Encode("ЖЖ"));
        Assert.Empty(tokenizer.Encode(" "));
        Assert.Equal("", tokenizer.Decode());
    }

    [Fact(Timeout = 20_000)]
    public async Task Rare_characters_are_unknown_when_asked()
    {
        await Task.Yield();
        string[] lines = ["low low low Жlow"];
        var tokenizer = BpeTokenizer.Learn(lines, new BpeOptions { MinimumCharacterFrequency = 2 });
        Assert.Equal([Vocabulary.Unknown, tokenizer.Vocabulary.IdOf("low")], tokenizer.Encode("Жlow"));
        Assert.Equal(4 + 2 * 3 + 2, tokenizer.Vocabulary.Count);
        Assert.Contains("4 characters", Assert.Throws<ArgumentException>(() => BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 10 })).Message, StringComparison.Ordinal);
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => BpeTokenizer.Learn([" ", ""])).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => BpeTokenizer.Learn(lines, new BpeOptions { MinimumFrequency = 0 }));
    }

    [Fact(Timeout = 20_000)]
    public async Task Public_files_go_out_and_in()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string[] lines = TextData.Sample(80);
        var tokenizer = BpeTokenizer.Learn(lines, new BpeOptions { VocabularySize = 120 });
        tokenizer.Export(temp.File("codes"), temp.File("vocabulary"));
        var back = BpeTokenizer.Import(temp.File("codes"), temp.File("vocabulary"));
        Assert.Equal(tokenizer.Fingerprint, back.Fingerprint);
        foreach (string line in lines) Assert.Equal(tokenizer.Encode(line), back.Encode(line));

        // fastBPE: no version, counts after the pairs.
        File.WriteAllText(temp.File("fast"), "n e 9\nlo w</w> 5\nl o 3\n");
        File.WriteAllText(temp.File("tokens"), "lo@@\nw\nl@@\no@@\nn@@\ne@@\n");
        var fast = BpeTokenizer.Import(temp.File("fast"), temp.File("tokens"));
        // The vocabulary lacks "low" and "ne@@": their merges are undone.
        Assert.Equal(["lo@@", "w", "n@@", "e@@", "w"], fast.Encode("low new").Select(id => fast.Vocabulary[id]));
    }

    public static TheoryData<string, string, string, string> Damaged => new()
    {
        { "#version: 0.1\na b\n", "a\n", "line 1", "\"#version: 0.2\" is read" },
        { "a b\n", "a\n", "line 1", "without a version" },
        { "#version: 0.2\na b\na b c\n", "a\n", "line 3", "expected two symbols" },
        { "#version: 0.2\n\n", "a\n", "line 2", "expected two symbols" },
        { "#version: 0.2\na</w> b\n", "a\n", "line 2", "the left one ends its word" },
        { "#version: 0.2\n@ @</w>\n", "a\n", "line 2", "must not end with @@" },
        { "#version: 0.2\na b\n", "a b\n", "line 1", "no entry of a vocabulary" },
        { "#version: 0.2\na b\n", "a 3\n\n", "line 2", "no entry of a vocabulary" },
        { "#version: 0.2\na b\n", "a 3\na 4\n", "", "comes twice" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Damaged))]
    public async Task Damaged_public_files_are_one_clear_error(string codes, string vocabulary, string entry, string expected)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("codes"), codes);
        File.WriteAllText(temp.File("vocabulary"), vocabulary);
        var error = Assert.Throws<DataFileException>(() => BpeTokenizer.Import(temp.File("codes"), temp.File("vocabulary")));
        Assert.Equal(entry, error.Entry ?? "");
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Symbols(BpeTokenizer tokenizer, string word) => tokenizer.Encode(word)
        .Select(id => tokenizer.Vocabulary[id])
        .Select(token => token.EndsWith("@@", StringComparison.Ordinal) ? token[..^2] : token + "</w>");
}
