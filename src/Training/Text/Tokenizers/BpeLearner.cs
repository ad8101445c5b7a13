using System.Text;

namespace GpuNets.Training;

/// <summary>
/// Learns byte pairs from word frequencies (Sennrich et al. 2016): again and again the most frequent pair of symbols becomes a symbol, of
/// equally frequent ones the last by code point. Only the words that hold the pair are counted anew.
/// </summary>
internal sealed class BpeLearner
{
    private const int Unknown = -1;

    private readonly List<BpeSymbol> _symbols = [];
    private readonly Dictionary<BpeSymbol, int> _ids = [];
    private readonly int[][] _words;
    private readonly long[] _counts;
    private readonly Dictionary<long, Pair> _pairs = [];
    private readonly HashSet<long> _changed = [];
    private readonly PriorityQueue<long, (long Count, long Pair)> _queue;

    /// <summary>Takes words apart into characters and counts pairs.</summary>
    /// <param name="words">How often each word occurs.</param>
    /// <param name="minimumCharacterFrequency">Rarer characters are unknown and in no pair.</param>
    public BpeLearner(IReadOnlyDictionary<string, long> words, int minimumCharacterFrequency)
    {
        _queue = new(Comparer<(long Count, long Pair)>.Create(Compare));
        var frequencies = new Dictionary<Rune, long>();
        foreach (var (word, count) in words)
            foreach (var rune in word.EnumerateRunes()) frequencies[rune] = frequencies.GetValueOrDefault(rune) + count;
        Characters = [.. frequencies.Where(pair => pair.Value >= minimumCharacterFrequency)
            .OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key).Select(pair => pair.Key.ToString())];
        foreach (bool ends in (bool[])[false, true])
            foreach (string character in Characters) IdOf(new BpeSymbol(character, ends));
        _words = new int[words.Count][];
        _counts = new long[words.Count];
        int index = 0;
        foreach (var (word, count) in words)
        {
            _counts[index] = count;
            string[] runes = [.. word.EnumerateRunes().Select(rune => rune.ToString())];
            _words[index++] = [.. runes.Select((rune, i) => _ids.GetValueOrDefault(new BpeSymbol(rune, i == runes.Length - 1), Unknown))];
        }
        for (int i = 0; i < _words.Length; i++) Add(i, 1);
        Requeue();
    }

    /// <summary>The known characters, the most frequent first.</summary>
    public IReadOnlyList<string> Characters { get; }

    /// <summary>Merges the most frequent pair; null when none occurs that often.</summary>
    public BpeMerge? Next(int minimumFrequency)
    {
        while (_queue.TryDequeue(out long key, out var priority))
        {
            if (!_pairs.TryGetValue(key, out var pair) || pair.Count != priority.Count) continue;   // counted anew since
            if (pair.Count < minimumFrequency) return null;
            var merge = new BpeMerge(_symbols[Left(key)], _symbols[Right(key)]);
            if (BpeSymbol.Merge(merge.Left, merge.Right) is not { } result) continue;
            Merge(key, pair, IdOf(result));
            return merge;
        }
        return null;
    }

    private void Merge(long key, Pair pair, int result)
    {
        _changed.Clear();
        foreach (int index in pair.Words)
        {
            int[] word = _words[index];
            int length = 0;
            int[] merged = new int[word.Length];
            for (int i = 0; i < word.Length; i++)
            {
                bool match = i + 1 < word.Length && word[i] == Left(key) && word[i + 1] == Right(key);
                merged[length++] = match ? result : word[i];
                if (match) i++;
            }
            if (length == word.Length) continue;   // listed, but without the pair by now
            Add(index, -1);
            _words[index] = merged[..length];
            Add(index, 1);
        }
        _pairs.Remove(key);
        Requeue();
    }

    private void Add(int index, int sign)
    {
        int[] word = _words[index];
        for (int i = 0; i + 1 < word.Length; i++)
        {
            if (word[i] == Unknown || word[i + 1] == Unknown) continue;
            long key = ((long)word[i] << 32) | (uint)word[i + 1];
            if (!_pairs.TryGetValue(key, out var pair)) _pairs.Add(key, pair = new Pair());
            pair.Count += sign * _counts[index];
            if (sign > 0 && (pair.Words.Count == 0 || pair.Words[^1] != index)) pair.Words.Add(index);
            _changed.Add(key);
        }
    }

    private void Requeue()
    {
        foreach (long key in _changed)
            if (_pairs.TryGetValue(key, out var pair) && pair.Count > 0) _queue.Enqueue(key, (pair.Count, key));
    }

    private int IdOf(BpeSymbol symbol)
    {
        if (_ids.TryGetValue(symbol, out int id)) return id;
        _symbols.Add(symbol);
        _ids.Add(symbol, _symbols.Count - 1);
        return _symbols.Count - 1;
    }

    private int Compare((long Count, long Pair) x, (long Count, long Pair) y)
    {
        if (x.Count != y.Count) return y.Count.CompareTo(x.Count);
        if (x.Pair == y.Pair) return 0;
        int left = Left(x.Pair) == Left(y.Pair) ? 0 : CodePointOrder.Instance.Compare(_symbols[Left(y.Pair)].Code, _symbols[Left(x.Pair)].Code);
        return left != 0 ? left : CodePointOrder.Instance.Compare(_symbols[Right(y.Pair)].Code, _symbols[Right(x.Pair)].Code);
    }

    private static int Left(long key) => (int)(key >> 32);

    private static int Right(long key) => (int)key;

    private sealed class Pair
    {
        public long Count { get; set; }

        public List<int> Words { get; } = [];
    }
}
