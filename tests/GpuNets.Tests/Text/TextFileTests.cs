using System.Text;
using GpuNets.Tests.Training;
using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Lines of files and corpora of two.</summary>
public sealed class TextFileTests
{
    private static readonly Dictionary<string, (byte[] Content, string[] Lines)> _files = new()
    {
        ["empty"] = ([], []),
        ["one empty line"] = ("\n"u8.ToArray(), [""]),
        ["no line feed at the end"] = ("a\nb"u8.ToArray(), ["a", "b"]),
        ["carriage returns"] = ("a\r\n\r\nb\r\n"u8.ToArray(), ["a", "", "b"]),
        ["byte order mark"] = ("\uFEFFa\n\uFEFFb\n"u8.ToArray(), ["a", "\uFEFFb"]),
        ["separators of Unicode stay"] = ("a\u2028b\u0085c\vd\n"u8.ToArray(), ["a\u2028b\u0085c\vd"]),
        ["long line"] = (Encoding.UTF8.GetBytes(new string('ü', 300_000) + "\nx\n"), [new string('ü', 300_000), "x"]),
    };

    public static TheoryData<string> Kinds => [.. _files.Keys];

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Kinds))]
    public async Task Lines_read_back_plain_and_zipped(string kind)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllBytes(temp.File("plain"), _files[kind].Content);
        File.WriteAllBytes(temp.File("zipped"), IdxFileTests.Zipped(_files[kind].Content));
        Assert.Equal(_files[kind].Lines, TextFile.ReadLines(temp.File("plain")));
        Assert.Equal(_files[kind].Lines, TextFile.ReadLines(temp.File("zipped")));
    }

    [Fact(Timeout = 20_000)]
    public async Task Invalid_UTF8_is_named_with_its_line()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        foreach (byte[] wrong in (byte[][])[[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xC0, 0xAF], [0xF5, 0x80, 0x80, 0x80]])
        {
            File.WriteAllBytes(temp.File("a"), [.. "gut\nschön "u8, .. wrong, .. "\nmore\n"u8]);
            var error = Assert.Throws<DataFileException>(() => TextFile.ReadLines(temp.File("a")));
            Assert.Equal("line 2", error.Entry);
            Assert.Contains("UTF-8 at byte 8", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact(Timeout = 20_000)]
    public async Task Damaged_gzip_is_one_clear_error()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        byte[] good = IdxFileTests.Zipped(Encoding.UTF8.GetBytes(string.Join('\n', TextData.Sample(200))));
        byte[] flipped = (byte[])good.Clone();
        flipped[good.Length / 2] ^= 0x55;
        foreach (byte[] bytes in (byte[][])[good[..(good.Length / 2)], good[..^3], flipped])
        {
            File.WriteAllBytes(temp.File("a.gz"), bytes);
            Assert.Throws<DataFileException>(() => TextFile.ReadLines(temp.File("a.gz")));
        }
        Assert.Throws<FileNotFoundException>(() => TextFile.ReadLines(temp.File("none")));
    }

    [Fact(Timeout = 20_000)]
    public async Task Files_of_unequal_length_are_refused_with_both_counts()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        File.WriteAllText(temp.File("a.de"), "eins\nzwei\ndrei\n");
        File.WriteAllText(temp.File("a.en"), "one\ntwo\n");
        var error = Assert.Throws<DataFileException>(() => ParallelCorpus.Read(temp.File("a.de"), temp.File("a.en")));
        Assert.Equal(temp.File("a.en"), error.File);
        Assert.Contains("2 lines, but", error.Message, StringComparison.Ordinal);
        Assert.Contains("has 3", error.Message, StringComparison.Ordinal);
        Assert.Contains("1 source lines and 0 target lines", Assert.Throws<ArgumentException>(() => new ParallelCorpus(["a"], [])).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 20_000)]
    public async Task Cleaning_counts_what_it_drops()
    {
        await Task.Yield();
        string[] source = ["a b c", "", "a", "a b c d", "a b", "  ", "a b c"];
        string[] target = ["x y", "x", "", "x y", "x y z w v u", "y", "x y z u"];
        var corpus = new ParallelCorpus(source, target, "de", "en", "made up");
        var (clean, report) = corpus.Clean(new CorpusCleaning { MaximumLength = 5 });
        Assert.Equal(new CleaningReport(Kept: 2, TooShort: 3, TooLong: 1, Unbalanced: 1), report);
        Assert.Equal(["a b c", "a b c"], clean.Source);
        Assert.Equal(["x y", "x y z u"], clean.Target);
        Assert.Equal("made up de-en, 2 pairs", clean.ToString());
        Assert.Equal(["a b c d"], new ParallelCorpus(["a b c d", "a"], ["x y z w", "x y"]).Clean(new CorpusCleaning { MaximumRatio = 1 }, line => line.Length).Corpus.Source);
        Assert.Equal(target, corpus.Reverse().Source);
        Assert.Equal(["x y", "x"], corpus.Take(2).Target);
        foreach (var wrong in (CorpusCleaning[])[new() { MinimumLength = -1 }, new() { MaximumLength = 0 }, new() { MaximumRatio = 0.9 }, new() { MaximumRatio = double.NaN }])
            Assert.Throws<ArgumentOutOfRangeException>(() => corpus.Clean(wrong));
    }

    [Fact(Timeout = 60_000)]
    public async Task Real_corpora_have_their_published_sizes()
    {
        await Task.Yield();
        foreach (string pair in (string[])["de-en", "en-fr", "fr-de"])
        {
            foreach (bool tokenized in (bool[])[false, true])
            {
                Assert.Equal(29_000, TextData.Multi30k(pair, CorpusSplit.Train, tokenized).Count);
                Assert.Equal(1014, TextData.Multi30k(pair, CorpusSplit.Validation, tokenized).Count);
                Assert.Equal(1000, TextData.Multi30k(pair, CorpusSplit.Test, tokenized).Count);
            }
        }
        var test = TextData.Multi30k("de-en", CorpusSplit.Test);
        Assert.Equal("Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt.", test.Source[0]);
        Assert.Equal("A man in an orange hat starring at something.", test.Target[0]);
        string wmt = TestData.Folder("wmt_ende");
        Assert.Equal([10_000, 3000, 2737], Enum.GetValues<CorpusSplit>().Select(split => WmtEnglishGerman.Load(split, folder: wmt).Count));
        Assert.Equal("de", WmtEnglishGerman.Load(CorpusSplit.Test, "de-en", wmt).SourceLanguage);
        foreach (string wrong in (string[])["de-de", "de", "de-es", "de-en-fr", ""])
            Assert.Contains("has no pair", Assert.Throws<ArgumentException>(() => TextData.Multi30k(wrong, CorpusSplit.Train)).Message, StringComparison.Ordinal);
    }
}
