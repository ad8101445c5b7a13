namespace GpuNets.Training;

/// <summary>
/// Labelled brackets of parses against gold trees, counted as the program EVALB (Sekine and Collins 1997) does with its parameters COLLINS.prm: a bracket is the
/// label of a phrase with the words that it spans. Words tagged <c>, : `` '' .</c> and traces are deleted first, each tree by its own tags; TOP and phrases that
/// have no word left do not count; ADVP and PRT are the same; functions behind <c>-</c> and <c>=</c> are cut off labels. Equal brackets count as often as they
/// occur. A sentence whose words then differ from the gold tree's, in number or spelling, is skipped and counts for nothing.
/// </summary>
public static class Evalb
{
    private static readonly HashSet<string> _deleted = [SyntaxTree.Top, "-NONE-", ",", ":", "``", "''", "."];

    /// <summary>Counts a corpus.</summary>
    /// <param name="parses">The trees that were found.</param>
    /// <param name="gold">The right ones, at the same places.</param>
    /// <exception cref="ArgumentException">The sides differ in number.</exception>
    public static BracketScore Corpus(IReadOnlyList<SyntaxTree> parses, IReadOnlyList<SyntaxTree> gold)
    {
        ArgumentNullException.ThrowIfNull(parses);
        ArgumentNullException.ThrowIfNull(gold);
        if (parses.Count != gold.Count) throw new ArgumentException($"Evalb: {parses.Count} parses and {gold.Count} gold trees, expected as many.", nameof(parses));
        return parses.Zip(gold, Sentence).Aggregate(new BracketScore(0, 0, 0, 0, 0, 0, 0, 0, 0), (sum, one) => sum.Add(one));
    }

    /// <summary>Counts a sentence.</summary>
    /// <param name="parse">The tree that was found.</param>
    /// <param name="gold">The right one.</param>
    public static BracketScore Sentence(SyntaxTree parse, SyntaxTree gold)
    {
        ArgumentNullException.ThrowIfNull(parse);
        ArgumentNullException.ThrowIfNull(gold);
        var (found, foundWords) = Take(parse);
        var (right, rightWords) = Take(gold);
        if (foundWords.Count == 0 || !foundWords.Select(leaf => leaf.Word).SequenceEqual(rightWords.Select(leaf => leaf.Word)))
            return new(0, 0, 0, 0, 0, 0, 0, 1, found.Count + right.Count);
        var left = right.CountBy(bracket => bracket).ToDictionary();
        int matched = 0;
        foreach (var bracket in found)
        {
            if (left.GetValueOrDefault(bracket) == 0) continue;
            left[bracket]--;
            matched++;
        }
        int tags = foundWords.Zip(rightWords).Count(pair => Same(pair.First.Label) == Same(pair.Second.Label));
        return new(matched, found.Count, right.Count, rightWords.Count, tags, matched == found.Count && matched == right.Count ? 1 : 0, 1, 0, 0);
    }

    /// <summary>The brackets that count and the leaves that are left.</summary>
    private static (List<(string Label, int Start, int End)> Brackets, List<SyntaxTree> Words) Take(SyntaxTree tree)
    {
        List<(string, int, int)> brackets = [];
        List<SyntaxTree> words = [];
        var starts = new Stack<int>();
        foreach (var (node, closes) in tree.Walk())
        {
            if (node.IsLeaf)
            {
                if (!_deleted.Contains(node.Label)) words.Add(node);
            }
            else if (!closes) starts.Push(words.Count);
            else
            {
                int start = starts.Pop();
                string label = node.Label.Split('-', '=')[0];
                if (start < words.Count && !_deleted.Contains(label)) brackets.Add((Same(label), start, words.Count));
            }
        }
        return (brackets, words);
    }

    private static string Same(string label) => label == "PRT" ? "ADVP" : label;
}
