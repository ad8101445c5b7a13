using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Tokenizers written to files, read back, and damaged.</summary>
public sealed class TokenizerFileTests
{
    private static readonly TextOptions _text = new() { Language = "de", LowerCase = true, Unescape = true, NormalizePunctuation = true };

    public static TheoryData<string> Kinds => ["words", "bpe"];

    private static ITokenizer Make(string kind, uint seed = 1) => kind == "words"
        ? WordTokenizer.Learn(TextData.Sample(50, seed), new WordTokenizerOptions { Text = _text })
        : BpeTokenizer.Learn(TextData.Sample(50, seed), new BpeOptions { Text = _text, VocabularySize = 100 });

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Kinds))]
    public async Task What_is_read_back_encodes_the_same(string kind)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var tokenizer = Make(kind);
        tokenizer.Save(temp.File("a.json"));
        var loaded = TokenizerFile.Load(temp.File("a.json"));
        Assert.Equal(tokenizer.GetType(), loaded.GetType());
        Assert.Equal(tokenizer.Vocabulary.Tokens, loaded.Vocabulary.Tokens);
        Assert.Equal(tokenizer.Text, loaded.Text);
        Assert.Equal(tokenizer.Fingerprint, loaded.Fingerprint);
        foreach (string line in TextData.Sample(20, seed: 5)) Assert.Equal(tokenizer.Encode(line), loaded.Encode(line));
        Assert.NotEqual(tokenizer.Fingerprint, Make(kind, seed: 2).Fingerprint);
        loaded.Save(temp.File("b.json"));
        Assert.Equal(File.ReadAllBytes(temp.File("a.json")), File.ReadAllBytes(temp.File("b.json")));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_tokenizer_of_another_kind_is_refused()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        Make("words").Save(temp.File("words.json"));
        Make("bpe").Save(temp.File("bpe.json"));
        Assert.Contains("holds a WordTokenizer, expected a BpeTokenizer", Assert.Throws<DataFileException>(() => BpeTokenizer.Load(temp.File("words.json"))).Message, StringComparison.Ordinal);
        Assert.Contains("holds a BpeTokenizer", Assert.Throws<DataFileException>(() => WordTokenizer.Load(temp.File("bpe.json"))).Message, StringComparison.Ordinal);
        Assert.Equal(Make("bpe").Fingerprint, BpeTokenizer.Load(temp.File("bpe.json")).Fingerprint);
        Assert.Equal(Make("bpe").Fingerprint, TokenizerFile.Load(temp.File("bpe.json"), Make("bpe").Fingerprint).Fingerprint);
        Assert.Contains("of another model", Assert.Throws<DataFileException>(() => TokenizerFile.Load(temp.File("bpe.json"), Make("bpe", seed: 2).Fingerprint)).Message, StringComparison.Ordinal);
        Assert.Throws<FileNotFoundException>(() => TokenizerFile.Load(temp.File("none.json")));
    }

    public static TheoryData<string, string, string> Changes => new()
    {
        { "\"kind\": \"bpe\"", "\"kind\": \"sentencepiece\"", "SHA-256" },
        { "\"format\": 1", "\"format\": 2", "format 2; this version reads 1" },
        { "\"tokens\": [", "\"tokens\": [ null,", "a token or merge is null" },
        { "\"merges\": [", "\"merges\": [ \"x y\",", "SHA-256" },
        { "\"lowerCase\": true", "\"lowerCase\": false", "SHA-256" },
        { "\"kind\"", "\"sort\"", "no tokenizer" },
        { "{", "", "no tokenizer" },
    };

    [Theory(Timeout = 20_000)]
    [MemberData(nameof(Changes))]
    public async Task Changed_files_are_refused(string from, string to, string expected)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string path = temp.File("a.json");
        Make("bpe").Save(path);
        string text = File.ReadAllText(path);
        Assert.Contains(from, text, StringComparison.Ordinal);
        int at = text.IndexOf(from, StringComparison.Ordinal);
        File.WriteAllText(path, string.Concat(text.AsSpan(0, at), to, text.AsSpan(at + from.Length)));
        var error = Assert.Throws<DataFileException>(() => TokenizerFile.Load(path));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal(path, error.File);
    }

    [Theory(Timeout = 30_000)]
    [MemberData(nameof(Kinds))]
    public async Task Cut_or_flipped_files_are_refused(string kind)
    {
        await Task.Yield();
        using var temp = new TempFolder();
        string path = temp.File("a.json");
        var tokenizer = Make(kind);
        tokenizer.Save(path);
        byte[] good = File.ReadAllBytes(path);
        var random = new Philox(3);
        int refused = 0;
        for (uint trial = 0; trial < 200; trial++)
        {
            byte[] bytes = trial < 100 ? good[..random.Below(2 * trial, good.Length)] : (byte[])good.Clone();
            if (trial >= 100) bytes[random.Below(2 * trial, good.Length)] ^= (byte)(1 + random.Below(2 * trial + 1, 255));
            File.WriteAllBytes(path, bytes);
            // A changed space between two entries leaves the content whole.
            try { Assert.Equal(tokenizer.Fingerprint, TokenizerFile.Load(path).Fingerprint); }
            catch (DataFileException) { refused++; }
        }
        Assert.True(refused > 150, $"{refused} were refused.");
    }
}
