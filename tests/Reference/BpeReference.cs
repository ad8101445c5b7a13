namespace GpuNets.Reference;

/// <summary>Byte-pair encoding as its definition reads: everything is counted anew for each merge.</summary>
public static class BpeReference
{
    /// <summary>Symbols of a word: characters, the last one with the mark of a word's end.</summary>
    public static List<string> Characters(string word)
    {
        List<string> symbols = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
        symbols[^1] += "</w>";
        return symbols;
    }

    /// <summary>The most frequent pairs one after the other; of equally frequent ones the last in code point order.</summary>
    public static List<(string Left, string Right)> Learn(IReadOnlyDictionary<string, long> words, int merges, int minimumFrequency = 2)
    {
        var corpus = words.Select(pair => (Symbols: Characters(pair.Key), Count: pair.Value)).ToList();
        List<(string Left, string Right)> learned = [];
        while (learned.Count < merges)
        {
            var counts = new Dictionary<(string Left, string Right), long>();
            foreach (var (symbols, count) in corpus)
                for (int i = 0; i + 1 < symbols.Count; i++)
                    counts[(symbols[i], symbols[i + 1])] = counts.GetValueOrDefault((symbols[i], symbols[i + 1])) + count;
            if (counts.Count == 0) break;
            var best = counts.MaxBy(pair => (pair.Value, new CodePoints(pair.Key.Left), new CodePoints(pair.Key.Right)));
            if (best.Value < minimumFrequency) break;
            learned.Add(best.Key);
            foreach (var (symbols, _) in corpus) Merge(symbols, best.Key);
        }
        return learned;
    }

    /// <summary>A word's symbols after all merges: the pair of the lowest rank first, everywhere from left to right.</summary>
    public static List<string> Apply(string word, IReadOnlyList<(string Left, string Right)> merges)
    {
        var ranks = new Dictionary<(string, string), int>();
        for (int rank = 0; rank < merges.Count; rank++) ranks.TryAdd(merges[rank], rank);
        var symbols = Characters(word);
        while (true)
        {
            var known = symbols.Zip(symbols.Skip(1)).Where(ranks.ContainsKey).ToList();
            if (known.Count == 0) return symbols;
            Merge(symbols, known.MinBy(pair => ranks[pair]));
        }
    }

    private static void Merge(List<string> symbols, (string Left, string Right) pair)
    {
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] != pair.Left || symbols[i + 1] != pair.Right) continue;
            symbols[i] += pair.Right;
            symbols.RemoveAt(i + 1);
        }
    }

    private readonly struct CodePoints(string text) : IComparable<CodePoints>
    {
        private readonly int[] _points = [.. text.EnumerateRunes().Select(rune => rune.Value)];

        public int CompareTo(CodePoints other) => _points.AsSpan().SequenceCompareTo(other._points);
    }
}
