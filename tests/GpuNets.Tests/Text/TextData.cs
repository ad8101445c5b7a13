using GpuNets.Training;

namespace GpuNets.Tests.Text;

/// <summary>Real text, where there is any.</summary>
internal static class TextData
{
    public static ParallelCorpus Multi30k(string pair, CorpusSplit split, bool tokenized = false) =>
        GpuNets.Training.Multi30k.Load(pair, split, tokenized, TestData.Folder("multi30k"));

    /// <summary>Lines of words drawn from a few made-up ones, some often and some seldom.</summary>
    public static string[] Sample(int lines, uint seed = 1)
    {
        string[] words = ["low", "lower", "lowest", "new", "newer", "newest", "wide", "wider", "widest", "größer", "日本語", "naïve", "😀smile", ".", ",", "a", "aa", "aaa", "aaaaaaa"];
        var random = new Philox(seed);
        uint draw = 0;
        return [.. Enumerable.Range(0, lines).Select(_ => string.Join(' ', Enumerable.Range(0, 1 + random.Below(draw++, 9))
            .Select(_ => words[Math.Min(random.Below(draw++, words.Length), random.Below(draw++, words.Length))])))];
    }
}
