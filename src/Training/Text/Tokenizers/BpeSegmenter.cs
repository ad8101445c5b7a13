using System.Text;

namespace GpuNets.Training;

/// <summary>
/// Takes words apart into symbols: characters first, then all places of the pair of the lowest rank, until no pair is left. Symbols that
/// the vocabulary lacks are taken apart again by undoing their merge.
/// </summary>
internal sealed class BpeSegmenter
{
    /// <summary>Longest stretch that is merged at once, so that a line without spaces takes time in proportion to its length.</summary>
    private const int Stretch = 512;

    private const int Unknown = -1;

    private readonly Dictionary<BpeSymbol, int> _symbols = [];
    private readonly Dictionary<long, (int Rank, int Result)> _merges = [];
    private readonly List<int> _tokens = [];
    private readonly List<(int Left, int Right)> _parts = [];

    /// <summary>Prepares merges.</summary>
    /// <param name="merges">The merges by rank; a merge that comes again has its first rank.</param>
    /// <param name="vocabulary">The tokens with ids.</param>
    /// <exception cref="ArgumentException">A merge cannot be used.</exception>
    public BpeSegmenter(IReadOnlyList<BpeMerge> merges, Vocabulary vocabulary)
    {
        for (int id = Vocabulary.SpecialCount; id < vocabulary.Count; id++) Add(BpeSymbol.FromToken(vocabulary[id]), vocabulary);
        for (int rank = 0; rank < merges.Count; rank++)
        {
            int left = Add(merges[rank].Left, vocabulary), right = Add(merges[rank].Right, vocabulary), result = Add(merges[rank].Result, vocabulary);
            if (_merges.TryAdd(Key(left, right), (rank, result)) && _parts[result].Left == Unknown) _parts[result] = (left, right);
        }
    }

    /// <summary>The ids of a word's tokens.</summary>
    public int[] Encode(string word)
    {
        Rune[] runes = [.. word.EnumerateRunes()];
        List<int> ids = [];
        for (int start = 0; start < runes.Length; start += Stretch)
        {
            var stretch = runes.AsSpan(start, Math.Min(Stretch, runes.Length - start));
            int[] symbols = new int[stretch.Length];
            for (int i = 0; i < symbols.Length; i++)
                symbols[i] = _symbols.GetValueOrDefault(new BpeSymbol(stretch[i].ToString(), start + i == runes.Length - 1), Unknown);
            foreach (int symbol in Merge(symbols)) Emit(symbol, ids);
        }
        return [.. ids];
    }

    private Span<int> Merge(int[] symbols)
    {
        int length = symbols.Length;
        while (true)
        {
            (int Rank, int Result) best = (int.MaxValue, Unknown);
            long bestKey = 0;
            for (int i = 0; i + 1 < length; i++)
            {
                long key = Key(symbols[i], symbols[i + 1]);
                if (_merges.TryGetValue(key, out var merge) && merge.Rank < best.Rank) (best, bestKey) = (merge, key);
            }
            if (best.Result == Unknown) return symbols.AsSpan(0, length);
            int kept = 0;
            for (int i = 0; i < length; i++)
            {
                bool match = i + 1 < length && Key(symbols[i], symbols[i + 1]) == bestKey;
                symbols[kept++] = match ? best.Result : symbols[i];
                if (match) i++;
            }
            length = kept;
        }
    }

    private void Emit(int symbol, List<int> ids)
    {
        if (symbol == Unknown) ids.Add(Vocabulary.Unknown);
        else if (_tokens[symbol] != Vocabulary.Unknown || _parts[symbol].Left == Unknown) ids.Add(_tokens[symbol]);
        else
        {
            Emit(_parts[symbol].Left, ids);
            Emit(_parts[symbol].Right, ids);
        }
    }

    private int Add(BpeSymbol symbol, Vocabulary vocabulary)
    {
        if (_symbols.TryGetValue(symbol, out int index)) return index;
        _symbols.Add(symbol, _tokens.Count);
        _tokens.Add(vocabulary.IdOf(symbol.Token));
        _parts.Add((Unknown, Unknown));
        return _tokens.Count - 1;
    }

    private static long Key(int left, int right) => ((long)left << 32) | (uint)right;
}
