using GpuNets.Training;
using ML = Microsoft.ML.Tokenizers;

namespace GpuNets.Tests.Text;

/// <summary>Byte pairs against those of ML.NET, given the same merges.</summary>
public sealed class OtherBpeTests
{
    [Fact(Timeout = 120_000)]
    public async Task ML_NET_gives_the_same_ids()
    {
        await Task.Yield();
        using var temp = new TempFolder();
        var train = TextData.Multi30k("de-en", CorpusSplit.Train, tokenized: true);
        var tokenizer = BpeTokenizer.Learn(train.Source.Concat(train.Target), new BpeOptions { VocabularySize = 8000 });
        var other = Other(tokenizer, temp);
        var test = TextData.Multi30k("de-en", CorpusSplit.Test, tokenized: true);
        int compared = 0;
        foreach (string line in test.Source.Concat(test.Target))
        {
            int[] ids = tokenizer.Encode(line);
            if (ids.Contains(Vocabulary.Unknown)) continue;   // what a word with an unknown character becomes is up to the library
            Assert.Equal(ids, other.EncodeToIds(line));
            compared++;
        }
        Assert.True(compared > 1980, $"{compared} lines");
    }

    private static ML.BpeTokenizer Other(BpeTokenizer tokenizer, TempFolder temp)
    {
        tokenizer.Export(temp.File("codes"), temp.File("vocabulary"));
        var ids = tokenizer.Vocabulary.Tokens.Select((token, id) => KeyValuePair.Create(
            id < Vocabulary.SpecialCount ? token : token.EndsWith("@@", StringComparison.Ordinal) ? token[..^2] : token + "</w>", id));
        return ML.BpeTokenizer.Create(new ML.BpeOptions(ids)
        {
            Merges = TextFile.ReadLines(temp.File("codes")).Skip(1),
            EndOfWordSuffix = "</w>",
            UnknownToken = "<unk>",
            PreTokenizer = ML.PreTokenizer.CreateWhiteSpace(),
        });
    }
}
