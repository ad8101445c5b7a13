using System.Runtime.InteropServices;

namespace GpuNets.Training;

/// <summary>
/// Corpus chrF (Popović 2015) and chrF++ (Popović 2017): F-score of the mean precision and recall of n-grams of characters, without white
/// space, and of words. Counts are summed over sentences; orders that do not occur are left out, as in sacreBLEU.
/// </summary>
public static class ChrF
{
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    /// <summary>Scores the lines of a system against one reference each.</summary>
    /// <param name="hypotheses">Output, a sentence a line.</param>
    /// <param name="references">References at the same places.</param>
    /// <param name="options">How; null for the defaults of sacreBLEU.</param>
    /// <exception cref="ArgumentException">The numbers of lines differ, or there are none.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    public static ChrFScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, ChrFOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        options ??= new ChrFOptions();
        options.Validate();
        if (hypotheses.Count == 0) throw new ArgumentException("ChrF: no lines to score.", nameof(hypotheses));
        if (hypotheses.Count != references.Count)
            throw new ArgumentException($"ChrF: {hypotheses.Count} lines of output but {references.Count} references.", nameof(references));
        var counts = new (long Hypothesis, long Reference, long Matches)[options.CharacterOrder + options.WordOrder];
        for (int i = 0; i < hypotheses.Count; i++)
        {
            string hypothesis = Case(hypotheses[i]), reference = Case(references[i]);
            Add(Characters(hypothesis), Characters(reference), counts.AsSpan(0, options.CharacterOrder));
            if (options.WordOrder > 0) Add(Words(hypothesis), Words(reference), counts.AsSpan(options.CharacterOrder));
        }
        var occurring = counts.Where(count => count.Hypothesis > 0 && count.Reference > 0).ToList();
        double precision = occurring.Count == 0 ? 0 : occurring.Average(count => (double)count.Matches / count.Hypothesis);
        double recall = occurring.Count == 0 ? 0 : occurring.Average(count => (double)count.Matches / count.Reference);
        double factor = options.Beta * options.Beta;
        double score = precision + recall == 0 ? 0 : 100 * (1 + factor) * precision * recall / (factor * precision + recall);
        return new ChrFScore(score, precision, recall,
            $"chrF{options.Beta}{new string('+', options.WordOrder)}|nrefs:1|case:{(options.LowerCase ? "lc" : "mixed")}|eff:yes|nc:{options.CharacterOrder}"
            + $"|nw:{options.WordOrder}|space:no|version:gpunets-{RunRecord.CurrentVersions()["gpunets"]}");

        string Case(string line) => options.LowerCase ? line.ToLowerInvariant() : line;
    }

    private static void Add(string[] hypothesis, string[] reference, Span<(long Hypothesis, long Reference, long Matches)> counts)
    {
        for (int n = 1; n <= counts.Length; n++)
        {
            var expected = Grams(reference, n);
            ref var count = ref counts[n - 1];
            // Output counts only where the reference is long enough to have such n-grams.
            if (expected.Count > 0) count.Hypothesis += Math.Max(hypothesis.Length - n + 1, 0);
            count.Reference += Math.Max(reference.Length - n + 1, 0);
            foreach (var (gram, times) in Grams(hypothesis, n)) count.Matches += Math.Min(times, expected.GetValueOrDefault(gram));
        }
    }

    private static Dictionary<string, int> Grams(string[] parts, int n)
    {
        var grams = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i + n <= parts.Length; i++)
            CollectionsMarshal.GetValueRefOrAddDefault(grams, n == 1 ? parts[i] : string.Join('\n', parts, i, n), out _)++;
        return grams;
    }

    private static string[] Characters(string line) => [.. string.Concat(WhiteSpace.Split(line)).EnumerateRunes().Select(rune => rune.ToString())];

    // A mark at the end of a word, or else at its beginning, is a word of its own.
    private static string[] Words(string line)
    {
        List<string> words = [];
        foreach (string word in WhiteSpace.Split(line))
        {
            if (word.Length > 1 && Punctuation.Contains(word[^1], StringComparison.Ordinal)) words.AddRange([word[..^1], word[^1..]]);
            else if (word.Length > 1 && Punctuation.Contains(word[0], StringComparison.Ordinal)) words.AddRange([word[..1], word[1..]]);
            else words.Add(word);
        }
        return [.. words];
    }
}
