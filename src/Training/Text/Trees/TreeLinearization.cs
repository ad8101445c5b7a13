namespace GpuNets.Training;

/// <summary>
/// Trees as lines of tokens, for models that write them (Vinyals et al. 2015, https://arxiv.org/abs/1412.7449, in the form of tensor2tensor): a phrase is its label,
/// its constituents and <c>/LABEL</c>; a leaf is its tag without the word; the outermost <see cref="SyntaxTree.Top"/> is left out.
/// <c>(TOP (S (NP (PRP He)) (VP (VBD slept))))</c> is <c>S NP PRP /NP VP VBD /VP /S</c>.
/// </summary>
/// <remarks>
/// Labels and tags look alike: which tokens open phrases must be known. A tag that is also a label, or begins with <c>/</c> or <c>\</c>, is written with <c>\</c>
/// before it, which the Penn Treebank never needs.
/// </remarks>
public sealed class TreeLinearization
{
    /// <summary>Tag of words that the tokens have no tag for.</summary>
    public const string MissingTag = "XX";

    private const char Closing = '/', Escape = '\\';

    private readonly HashSet<string> _labels;

    /// <summary>The form for some labels of phrases.</summary>
    /// <param name="labels">The labels.</param>
    /// <exception cref="ArgumentException">A label begins with <c>/</c> or <c>\</c>, which tokens could not tell.</exception>
    public TreeLinearization(IEnumerable<string> labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        _labels = [.. labels];
        if (_labels.FirstOrDefault(label => label is [Closing or Escape, ..]) is { } wrong)
            throw new ArgumentException($"TreeLinearization: the label {wrong} begins with '{wrong[0]}', which marks other tokens; rename it.", nameof(labels));
    }

    /// <summary>Labels of phrases.</summary>
    public IReadOnlySet<string> Labels => _labels;

    /// <summary>The form for the labels of some trees.</summary>
    /// <param name="trees">The trees.</param>
    /// <exception cref="ArgumentException">A label begins with <c>/</c> or <c>\</c>.</exception>
    public static TreeLinearization Of(IEnumerable<SyntaxTree> trees)
    {
        ArgumentNullException.ThrowIfNull(trees);
        return new(trees.SelectMany(tree => tree.Walk().Where(step => step.Closes && !IsOutermost(step.Node, tree))).Select(step => step.Node.Label));
    }

    /// <summary>The form that a vocabulary of tokens was learned from: a token <c>/X</c> makes X a label.</summary>
    /// <param name="tokens">The tokens.</param>
    public static TreeLinearization OfTokens(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        return new(tokens.Where(token => token is [Closing, not (Closing or Escape), ..]).Select(token => token[1..]));
    }

    /// <summary>The tokens of a tree.</summary>
    /// <param name="tree">The tree.</param>
    /// <exception cref="ArgumentException">A phrase has a label that is not among <see cref="Labels"/>.</exception>
    public IReadOnlyList<string> Write(SyntaxTree tree)
    {
        ArgumentNullException.ThrowIfNull(tree);
        List<string> tokens = [];
        foreach (var (node, closes) in tree.Walk())
        {
            if (node.IsLeaf) tokens.Add(node.Label[0] is Closing or Escape || _labels.Contains(node.Label) ? Escape + node.Label : node.Label);
            else if (IsOutermost(node, tree)) continue;
            else if (!_labels.Contains(node.Label)) throw new ArgumentException($"TreeLinearization: the label {node.Label} is not among those of this form.", nameof(tree));
            else tokens.Add(closes ? Closing + node.Label : node.Label);
        }
        return tokens;
    }

    /// <summary>
    /// The tree that tokens make of words. It has every word once and in order, whatever the tokens are:
    /// <c>/X</c> closes the innermost open X and all that is open within it, and is passed over where no X is open; a phrase that gets no word is left out; a tag takes
    /// the next word, and is passed over where there is none; words that get no tag are tagged <see cref="MissingTag"/> and stand in the innermost phrase that is open
    /// at the end, which is then closed with all others; a token that is neither label nor <c>/X</c> of a label is a tag.
    /// </summary>
    /// <param name="words">The words, at least one.</param>
    /// <param name="tokens">The tokens.</param>
    /// <returns>A phrase of label <see cref="SyntaxTree.Top"/>; of the tokens of <see cref="Write"/> and the words of a tree with that label, the same tree.</returns>
    /// <exception cref="ArgumentException">There are no words, or one is empty or holds white space.</exception>
    public SyntaxTree Read(IReadOnlyList<string> words, IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(tokens);
        if (words.Count == 0) throw new ArgumentException("TreeLinearization: no words, expected at least one.", nameof(words));
        var top = new List<SyntaxTree>();
        var open = new Stack<(string Label, List<SyntaxTree> Children)>();
        var counts = new Dictionary<string, int>();
        int next = 0;
        foreach (string token in tokens)
        {
            if (_labels.Contains(token))
            {
                open.Push((token, []));
                counts[token] = counts.GetValueOrDefault(token) + 1;
            }
            else if (token is [Closing, ..] && _labels.Contains(token[1..]))
            {
                if (counts.GetValueOrDefault(token[1..]) == 0) continue;
                while (Close() != token[1..]) { }
            }
            else if (next < words.Count)
            {
                string tag = token is [Escape, _, ..] ? token[1..] : token;
                Inner().Add(SyntaxTree.Leaf(SyntaxTree.IsLabel(tag) ? tag : MissingTag, words[next++]));
            }
        }
        while (next < words.Count) Inner().Add(SyntaxTree.Leaf(MissingTag, words[next++]));
        while (open.Count > 0) Close();
        return SyntaxTree.Phrase(SyntaxTree.Top, top);

        List<SyntaxTree> Inner() => open.TryPeek(out var phrase) ? phrase.Children : top;

        string Close()
        {
            var (label, children) = open.Pop();
            counts[label]--;
            if (children.Count > 0) Inner().Add(SyntaxTree.Phrase(label, children));
            return label;
        }
    }

    private static bool IsOutermost(SyntaxTree node, SyntaxTree tree) => ReferenceEquals(node, tree) && node.Label == SyntaxTree.Top;
}
