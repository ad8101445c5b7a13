namespace GpuNets.Training;

/// <summary>
/// A probabilistic context-free grammar that trees are drawn from. Rules are lines <c>left -> right right ... | right ... : weight</c>, the weight of an
/// alternative 1 where it is left out; lines <c>tag = word word ...</c> list the words of a tag, all as likely. What stands behind <c>~</c> in a name tells symbols
/// apart and is not printed; a symbol that begins with <c>@</c> gives its constituents to the phrase above it.
/// </summary>
internal sealed class PhraseGrammar
{
    private readonly Dictionary<string, (string[] Right, int Weight)[]> _rules = [];
    private readonly Dictionary<string, string[]> _words = [];

    public PhraseGrammar(string text)
    {
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split([" -> ", " = "], 2, StringSplitOptions.TrimEntries);
            if (line.Contains(" = ", StringComparison.Ordinal)) _words.Add(parts[0], parts[1].Split(' '));
            else _rules.Add(parts[0], [.. parts[1].Split(" | ").Select(Rule)]);
        }
        foreach (string symbol in _rules.Values.SelectMany(rules => rules).SelectMany(rule => rule.Right))
            if (!_rules.ContainsKey(symbol) && !_words.ContainsKey(symbol)) throw new ArgumentException($"PhraseGrammar: {symbol} has neither rules nor words.", nameof(text));
    }

    /// <summary>Draws a tree.</summary>
    /// <param name="start">The symbol at its root.</param>
    /// <param name="random">Where draws come from.</param>
    /// <param name="draw">Number of the next draw.</param>
    /// <param name="depth">Rules that may lie within each other.</param>
    /// <returns>The tree; null if it would be deeper.</returns>
    public SyntaxTree? Draw(string start, Philox random, ref uint draw, int depth)
    {
        List<SyntaxTree> trees = [];
        return Draw(start, random, ref draw, depth, trees) ? trees[0] : null;
    }

    private bool Draw(string symbol, Philox random, ref uint draw, int depth, List<SyntaxTree> into)
    {
        if (_words.TryGetValue(symbol, out string[]? words))
        {
            into.Add(SyntaxTree.Leaf(Printed(symbol), words[random.Below(draw++, words.Length)]));
            return true;
        }
        if (depth == 0) return false;
        var rules = _rules[symbol];
        int place = random.Below(draw++, rules.Sum(rule => rule.Weight)), chosen = 0;
        while (place >= rules[chosen].Weight) place -= rules[chosen++].Weight;
        List<SyntaxTree> children = symbol[0] == '@' ? into : [];
        foreach (string right in rules[chosen].Right)
            if (!Draw(right, random, ref draw, depth - 1, children)) return false;
        if (symbol[0] != '@') into.Add(SyntaxTree.Phrase(Printed(symbol), children));
        return true;
    }

    private static string Printed(string symbol) => symbol.Split('~')[0];

    private static (string[] Right, int Weight) Rule(string text)
    {
        string[] parts = text.Split(" : ");
        return (parts[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), parts.Length > 1 ? int.Parse(parts[1]) : 1);
    }
}
