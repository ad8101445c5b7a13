namespace GpuNets.Tests.Translation;

/// <summary>A corpus in two made-up languages: words are numbers, spelt otherwise and in the opposite order in the other language.</summary>
internal static class ToyLanguage
{
    private static readonly string[] s_source = ["ein", "zwei", "drei", "vier", "fünf"], s_target = ["un", "deux", "trois", "quatre", "cinq"];

    /// <summary>Writes <c>train</c>, <c>val</c> and <c>test</c> of <c>xx</c> and <c>yy</c>.</summary>
    public static void Write(string folder)
    {
        var random = new Philox(7);
        foreach (var (split, count) in new[] { ("train", 300), ("val", 10), ("test", 12) })
        {
            var pairs = Enumerable.Range(0, count).Select(i => Pair(random.Fork($"{split} {i}"))).ToArray();
            File.WriteAllLines(Path.Combine(folder, $"{split}.xx"), pairs.Select(pair => pair.Source));
            File.WriteAllLines(Path.Combine(folder, $"{split}.yy"), pairs.Select(pair => pair.Target));
        }
    }

    private static (string Source, string Target) Pair(Philox random)
    {
        int[] words = [.. Enumerable.Range(0, 1 + random.Below(0, 3)).Select(i => random.Below((uint)(i + 1), s_source.Length))];
        return (string.Join(' ', words.Select(word => s_source[word])), string.Join(' ', words.Reverse().Select(word => s_target[word])));
    }
}
