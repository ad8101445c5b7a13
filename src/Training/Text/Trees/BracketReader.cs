namespace GpuNets.Training;

/// <summary>Reads trees in brackets; what is open lies on a stack of its own.</summary>
internal sealed class BracketReader
{
    private const string Trace = "-NONE-";

    private readonly string _name;
    private readonly Stack<Bracket> _open = [];
    private readonly List<SyntaxTree> _trees = [];
    private int _line;

    private BracketReader(string name) => _name = name;

    public static IReadOnlyList<SyntaxTree> Read(string name, IEnumerable<string> lines)
    {
        var reader = new BracketReader(name);
        foreach (string line in lines) reader.Line(line);
        if (reader._open.Count > 0)
        {
            reader._line = reader._open.Last().Line;
            throw reader.Error($"the tree that begins here is not closed: {reader._open.Count} brackets are open at the end");
        }
        return reader._trees;
    }

    private void Line(string line)
    {
        _line++;
        for (int i = 0; i < line.Length;)
        {
            if (WhiteSpace.IsSpace(line[i])) i++;
            else if (line[i] == '(')
            {
                i++;
                Open();
            }
            else if (line[i] == ')')
            {
                i++;
                Close();
            }
            else
            {
                int start = i;
                while (i < line.Length && line[i] is not ('(' or ')') && !WhiteSpace.IsSpace(line[i])) i++;
                Atom(line[start..i]);
            }
        }
    }

    private void Open()
    {
        if (_open.TryPeek(out var parent))
        {
            if (parent.Word is { } word) throw Error($"the tag {parent.Label} has the word '{word}' and a bracket behind it; a word stands alone under its tag");
            if (parent.Label is null && _open.Count > 1) throw Error("a bracket without a label; only the outermost one may lack it");
        }
        _open.Push(new Bracket(_line));
    }

    private void Atom(string text)
    {
        if (!_open.TryPeek(out var bracket)) throw Error($"'{text}' stands outside of all brackets");
        if (bracket.IsBare && bracket.Label is null) bracket.Label = text;
        else if (bracket.IsBare) bracket.Word = text;
        else if (bracket.Word is { } word) throw Error($"the tag {bracket.Label} has two words, '{word}' and '{text}'");
        else throw Error($"the word '{text}' has no tag; it stands beside the constituents of {bracket.Label ?? "the outermost bracket"}");
    }

    private void Close()
    {
        if (!_open.TryPop(out var bracket)) throw Error("a closing bracket too many");
        if (bracket.IsBare) throw Error(bracket.Label is null ? "an empty bracket" : $"the constituent {bracket.Label} is empty: it has neither a word nor constituents");
        bool gone = bracket.Word is not null ? bracket.Label == Trace : bracket.Children.Count == 0;
        if (_open.TryPeek(out var parent))
        {
            if (bracket.Label is null) throw Error("a bracket without a label; only the outermost one may lack it");
            if (gone) parent.HadTraces = true;
            else parent.Children.Add(Node(bracket));
        }
        else if (!gone) _trees.Add(Sentence(bracket));
    }

    private static SyntaxTree Node(Bracket bracket) => bracket.Word is { } word
        ? SyntaxTree.Leaf(bracket.Label!, BracketText.Unescape(word))
        : SyntaxTree.Phrase(BracketText.WithoutFunctions(bracket.Label!), bracket.Children);

    private static SyntaxTree Sentence(Bracket bracket)
    {
        IReadOnlyList<SyntaxTree> inside = bracket.Word is null && IsRoot(bracket.Label) ? bracket.Children : [Node(bracket)];
        while (inside is [{ IsLeaf: false } only] && IsRoot(only.Label)) inside = only.Children;
        return SyntaxTree.Phrase(SyntaxTree.Top, inside);
    }

    private static bool IsRoot(string? label) => label is null or SyntaxTree.Top or "ROOT" or "S1";

    private DataFileException Error(string problem) => new(_name, $"line {_line}", problem);

    private sealed class Bracket(int line)
    {
        public int Line { get; } = line;

        public string? Label { get; set; }

        public string? Word { get; set; }

        public bool HadTraces { get; set; }

        public List<SyntaxTree> Children { get; } = [];

        /// <summary>Whether nothing but a label has come yet.</summary>
        public bool IsBare => Word is null && Children.Count == 0 && !HadTraces;
    }
}
