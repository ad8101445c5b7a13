using System.Runtime.InteropServices;

namespace GpuNets.Training;

/// <summary>
/// Corpus BLEU-4 (Papineni et al. 2002): brevity penalty times the geometric mean of the clipped n-gram precisions, n = 1 to 4, over all
/// sentences together. Computed as sacreBLEU (Post 2018) does.
/// </summary>
public static class Bleu
{
    private const int Orders = 4;
    private const int None = -1;

    /// <summary>Scores the lines of a system against one reference each.</summary>
    /// <param name="hypotheses">Output, a sentence a line.</param>
    /// <param name="references">References at the same places.</param>
    /// <param name="options">How; null for the defaults of sacreBLEU.</param>
    /// <exception cref="ArgumentException">The numbers of lines differ, or there are none.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<string> references, BleuOptions? options = null) =>
        Corpus(hypotheses, [references], options);

    /// <summary>Scores the lines of a system against several sets of references.</summary>
    /// <param name="hypotheses">Output, a sentence a line.</param>
    /// <param name="references">Sets of references, each with a line for each line of output.</param>
    /// <param name="options">How; null for the defaults of sacreBLEU.</param>
    /// <exception cref="ArgumentException">The numbers of lines differ, or there are none.</exception>
    public static BleuScore Corpus(IReadOnlyList<string> hypotheses, IReadOnlyList<IReadOnlyList<string>> references, BleuOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(hypotheses);
        ArgumentNullException.ThrowIfNull(references);
        options ??= new BleuOptions();
        if (hypotheses.Count == 0 || references.Count == 0) throw new ArgumentException("Bleu: no lines to score.", nameof(hypotheses));
        foreach (var set in references)
        {
            if (set.Count != hypotheses.Count)
                throw new ArgumentException($"Bleu: {hypotheses.Count} lines of output but {set.Count} references.", nameof(references));
        }
        var words = new Dictionary<string, int>(StringComparer.Ordinal);
        long[] matches = new long[Orders], totals = new long[Orders];
        long hypothesisLength = 0, referenceLength = 0;
        for (int i = 0; i < hypotheses.Count; i++)
        {
            int[] hypothesis = Ids(hypotheses[i], options, words);
            int[][] expected = [.. references.Select(set => Ids(set[i], options, words))];
            hypothesisLength += hypothesis.Length;
            referenceLength += expected.Select(ids => ids.Length).OrderBy(length => Math.Abs(length - hypothesis.Length)).ThenBy(length => length).First();
            Count(hypothesis, expected, matches, totals);
        }
        return Score(matches, totals, hypothesisLength, referenceLength, options, Signature(options, references.Count));
    }

    private static BleuScore Score(long[] matches, long[] totals, long hypothesisLength, long referenceLength, BleuOptions options, string signature)
    {
        double penalty = hypothesisLength >= referenceLength ? 1 : hypothesisLength == 0 ? 0 : Math.Exp(1 - (double)referenceLength / hypothesisLength);
        double[] precisions = new double[Orders];
        double score = 0;
        if (matches.Any(count => count > 0))
        {
            double smooth = 1;
            int order = options.EffectiveOrder ? 0 : Orders;
            for (int n = 0; n < Orders && totals[n] > 0; n++)
            {
                if (options.EffectiveOrder) order = n + 1;
                if (matches[n] > 0) precisions[n] = 100.0 * matches[n] / totals[n];
                else if (options.Smoothing == BleuSmoothing.Exponential) precisions[n] = 100.0 / ((smooth *= 2) * totals[n]);
            }
            // The logarithm of 0 makes the score 0.
            score = penalty * Math.Exp(precisions.Take(order).Sum(Math.Log) / order);
        }
        return new BleuScore(score, [.. precisions], penalty, [.. matches], [.. totals], hypothesisLength, referenceLength, signature);
    }

    private static void Count(int[] hypothesis, int[][] references, long[] matches, long[] totals)
    {
        for (int n = 1; n <= Orders; n++)
        {
            var allowed = new Dictionary<(int, int, int, int), int>();
            foreach (int[] reference in references)
                foreach (var (gram, count) in Grams(reference, n)) allowed[gram] = Math.Max(allowed.GetValueOrDefault(gram), count);
            totals[n - 1] += Math.Max(hypothesis.Length - n + 1, 0);
            foreach (var (gram, count) in Grams(hypothesis, n)) matches[n - 1] += Math.Min(count, allowed.GetValueOrDefault(gram));
        }
    }

    private static Dictionary<(int, int, int, int), int> Grams(int[] ids, int n)
    {
        var grams = new Dictionary<(int, int, int, int), int>();
        for (int i = 0; i + n <= ids.Length; i++)
        {
            var gram = (ids[i], n > 1 ? ids[i + 1] : None, n > 2 ? ids[i + 2] : None, n > 3 ? ids[i + 3] : None);
            CollectionsMarshal.GetValueRefOrAddDefault(grams, gram, out _)++;
        }
        return grams;
    }

    private static int[] Ids(string line, BleuOptions options, Dictionary<string, int> words)
    {
        string[] tokens = BleuTokenizer.Split(options.LowerCase ? line.ToLowerInvariant() : line, options.Tokenization);
        int[] ids = new int[tokens.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!words.TryGetValue(tokens[i], out ids[i])) words.Add(tokens[i], ids[i] = words.Count);
        }
        return ids;
    }

    private static string Signature(BleuOptions options, int references)
    {
        string tokenization = options.Tokenization switch
        {
            BleuTokenization.Mteval13a => "13a",
            BleuTokenization.None => "none",
            BleuTokenization.Spaces => "spaces",
            _ => "compounds",
        };
        return $"nrefs:{references}|case:{(options.LowerCase ? "lc" : "mixed")}|eff:{(options.EffectiveOrder ? "yes" : "no")}|tok:{tokenization}"
            + $"|smooth:{(options.Smoothing == BleuSmoothing.Exponential ? "exp" : "none")}|version:gpunets-{RunRecord.CurrentVersions()["gpunets"]}";
    }
}
