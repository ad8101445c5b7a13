using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Vocabularies of words.</summary>
public sealed class WordTokenizerTests
{
    [Fact(Timeout = 20_000)]
    public async Task Words_are_ordered_by_frequency_then_code_point()
    {
        await Task.Yield();
        ITokenizer tokenizer = WordTokenizer.Learn(["the cat sat", "the mat 😀 sat", "a cat \uFFFD the 😀 \uFFFD"]);
        Assert.Equal(["<pad>", "<s>", "</s>", "<unk>", "the", "cat", "sat", "\uFFFD", "😀"], tokenizer.Vocabulary.Tokens);
        Assert.Equal(9, tokenizer.Count);
        Assert.Equal([4, 3, 6], tokenizer.Encode("  the\tmat sat "));
        Assert.Empty(tokenizer.Encode(""));
        Assert.Empty(tokenizer.Encode("\u00a0 \u2003"));
        Assert.Equal("the <unk> sat", tokenizer.Decode(1, 4, 3, 6, 2, 5, 5));
        Assert.Equal("cat", tokenizer.Decode(5, 0, 0));
        Assert.Contains("0 to 8", Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode(4, 9)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => tokenizer.Decode(-1));
    }

    [Fact(Timeout = 20_000)]
    public async Task Text_never_gives_the_marks_of_a_sentence()
    {
        await Task.Yield();
        var tokenizer = WordTokenizer.Learn(["</s> <pad> <s> <unk>"], new WordTokenizerOptions { MinimumFrequency = 1 });
        Assert.DoesNotContain(tokenizer.Encode("</s> <pad> <s> <unk>"), id => id < Vocabulary.SpecialCount);
        Assert.Equal("</s> <pad>", tokenizer.Decode(tokenizer.Encode("</s> <pad>")));
        Assert.Equal([3, 3], WordTokenizer.Learn(["a a"]).Encode("</s> \uD800"));
    }

    [Fact(Timeout = 20_000)]
    public async Task Options_cut_the_vocabulary()
    {
        await Task.Yield();
        string[] lines = ["B b &apos;s b", "c C c c a"];
        var options = new WordTokenizerOptions { Text = new TextOptions { LowerCase = true, Unescape = true }, MinimumFrequency = 1, MaximumSize = 6 };
        Assert.Equal(["c", "b"], WordTokenizer.Learn(lines, options).Vocabulary.Tokens.Skip(4));
        Assert.Equal(["c", "b", "'s", "a"], WordTokenizer.Learn(lines, options with { MaximumSize = 100 }).Vocabulary.Tokens.Skip(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordTokenizer.Learn(lines, options with { MaximumSize = 4 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => WordTokenizer.Learn(lines, options with { MinimumFrequency = 0 }));
        Assert.Contains("none occurs 7 times", Assert.Throws<ArgumentException>(() => WordTokenizer.Learn(lines, new WordTokenizerOptions { MinimumFrequency = 7 })).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => WordTokenizer.Learn([]));
        Assert.Throws<ArgumentException>(() => new WordTokenizer(["a", "a"]));
        Assert.Throws<ArgumentException>(() => new WordTokenizer(["a b"]));
        Assert.Throws<ArgumentException>(() => new WordTokenizer([""]));
    }

    [Fact(Timeout = 60_000)]
    public async Task Multi30k_has_the_vocabulary_of_the_published_experiments()
    {
        await Task.Yield();
        var corpus = TextData.Multi30k("de-en", CorpusSplit.Train, tokenized: true);
        var german = WordTokenizer.Learn(corpus.Source);
        var english = WordTokenizer.Learn(corpus.Target);
        // The published 7,855 and 5,893 are of another tokenizer (spaCy).
        Assert.Equal((7859, 5921), (german.Vocabulary.Count, english.Vocabulary.Count));
        Assert.Equal("a", english.Vocabulary[4]);
        string line = corpus.Target[17];
        Assert.Equal(line, english.Decode(english.Encode(line)));
    }
}
