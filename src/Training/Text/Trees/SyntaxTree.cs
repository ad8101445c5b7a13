using System.Text;

namespace GpuNets.Training;

/// <summary>
/// A constituency tree: phrases with a label and constituents, and leaves with a tag and a word. Immutable; nothing here goes down the call stack, so trees may be
/// as deep as memory allows.
/// </summary>
public sealed class SyntaxTree
{
    /// <summary>Label of the outermost phrase of a sentence.</summary>
    public const string Top = "TOP";

    private SyntaxTree(string label, string? word, SyntaxTree[] children) => (Label, Word, Children) = (label, word, children);

    /// <summary>Label of a phrase, or tag of a leaf.</summary>
    public string Label { get; }

    /// <summary>The word of a leaf as it is written in text, brackets included; null for a phrase.</summary>
    public string? Word { get; }

    /// <summary>The constituents of a phrase, at least one; none for a leaf.</summary>
    public IReadOnlyList<SyntaxTree> Children { get; }

    /// <summary>Whether it is a tag with its word.</summary>
    public bool IsLeaf => Word is not null;

    /// <summary>The leaves from left to right.</summary>
    public IEnumerable<SyntaxTree> Leaves => Walk().Where(step => step.Node.IsLeaf).Select(step => step.Node);

    /// <summary>A word under its tag.</summary>
    /// <param name="tag">The tag: no white space, no brackets.</param>
    /// <param name="word">The word: no white space.</param>
    /// <exception cref="ArgumentException">Tag or word is empty or holds what it must not.</exception>
    public static SyntaxTree Leaf(string tag, string word)
    {
        CheckLabel(tag, nameof(tag));
        if (string.IsNullOrEmpty(word) || word.Any(WhiteSpace.IsSpace)) throw new ArgumentException($"SyntaxTree: '{word}' is no word; it is empty or holds white space.", nameof(word));
        return new SyntaxTree(tag, word, []);
    }

    /// <summary>Constituents under a label.</summary>
    /// <param name="label">The label: no white space, no brackets.</param>
    /// <param name="children">At least one.</param>
    /// <exception cref="ArgumentException">The label holds what it must not, or there are no constituents.</exception>
    public static SyntaxTree Phrase(string label, params IEnumerable<SyntaxTree> children)
    {
        CheckLabel(label, nameof(label));
        SyntaxTree[] all = [.. children];
        if (all.Length == 0) throw new ArgumentException($"SyntaxTree: the phrase {label} has no constituents.", nameof(children));
        return new SyntaxTree(label, null, all);
    }

    /// <summary>Every node from left to right: a leaf once, a phrase before and, with Closes, behind its constituents.</summary>
    public IEnumerable<(SyntaxTree Node, bool Closes)> Walk()
    {
        var rest = new Stack<(SyntaxTree Node, bool Closes)>();
        rest.Push((this, false));
        while (rest.TryPop(out var step))
        {
            yield return step;
            if (step.Closes || step.Node.IsLeaf) continue;
            rest.Push((step.Node, true));
            for (int i = step.Node.Children.Count - 1; i >= 0; i--) rest.Push((step.Node.Children[i], false));
        }
    }

    /// <summary>The tree in brackets on one line, as <see cref="Treebank"/> reads it: <c>(TOP (S (NP (PRP He)) (VP (VBD slept))))</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var (node, closes) in Walk())
        {
            if (closes)
            {
                text.Append(')');
                continue;
            }
            if (text.Length > 0) text.Append(' ');
            text.Append('(').Append(node.Label);
            if (node.Word is { } word) text.Append(' ').Append(BracketText.Escape(word)).Append(')');
        }
        return text.ToString();
    }

    /// <summary>Whether text can be a label.</summary>
    internal static bool IsLabel(string? text) => !string.IsNullOrEmpty(text) && !text.Any(c => c is '(' or ')' || WhiteSpace.IsSpace(c));

    private static void CheckLabel(string label, string parameter)
    {
        if (!IsLabel(label)) throw new ArgumentException($"SyntaxTree: '{label}' is no label; it is empty or holds white space or brackets.", parameter);
    }
}
