using System.Text;
using GpuNets.Training;

namespace GpuNets.Tests.Parsing;

/// <summary>Trees in brackets: what is read, what is refused, and that nothing hangs or falls.</summary>
public sealed class TreebankTests
{
    public static TheoryData<string, string> Readings => new()
    {
        { "(TOP (S (NP (PRP He)) (VP (VBD slept))))", "(TOP (S (NP (PRP He)) (VP (VBD slept))))" },
        { "( (S (NP (PRP He))\n     (VP (VBD slept)) ))", "(TOP (S (NP (PRP He)) (VP (VBD slept))))" },
        { "(S (NP (PRP He)))", "(TOP (S (NP (PRP He))))" },
        { "(ROOT (S (NP (PRP He))))", "(TOP (S (NP (PRP He))))" },
        { "( (S1 (S (NP (PRP He)))))", "(TOP (S (NP (PRP He))))" },
        { "( (NP (NN a)) (VP (VB b)))", "(TOP (NP (NN a)) (VP (VB b)))" },
        { "(NN a)", "(TOP (NN a))" },
        { "((S(NP(PRP He))))", "(TOP (S (NP (PRP He))))" },
        { "(TOP (S (NP-SBJ-1 (PRP He)) (VP=2 (VBD slept)) (ADVP-TMP=3 (RB late))))", "(TOP (S (NP (PRP He)) (VP (VBD slept)) (ADVP (RB late))))" },
        // Traces go, and phrases that had nothing else.
        { "( (S (NP-SBJ (-NONE- *T*-1)) (VP (VBD slept) (SBAR (-NONE- 0) (S (-NONE- *?*))))))", "(TOP (S (VP (VBD slept))))" },
        { "( (S (NP (NP (-NONE- *)))))\n( (X (SYM a)))", "(TOP (X (SYM a)))" },
        { "(TOP (PRN (-LRB- -LRB-) (NN a\\/b) (SYM \\*) (-RRB- -RRB-)))", "(TOP (PRN (-LRB- -LRB-) (NN a/b) (SYM *) (-RRB- -RRB-)))" },
        { "", "" },
        { " \n\t\r\n", "" },
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Readings))]
    public async Task Brackets_are_read(string text, string expected)
    {
        await Task.Yield();
        Assert.Equal(expected, string.Join('\n', Treebank.Parse(text)));
    }

    public static TheoryData<string, string, string> Faults => new()
    {
        { "(S (NP (NN a))\n(VP (VB b))", "line 1", "not closed: 1 brackets" },
        { "(X (Y a))\n\n(S (NP (NN a)", "line 3", "not closed: 2 brackets" },
        { "(S (NN a)))", "line 1", "a closing bracket too many" },
        { ")", "line 1", "a closing bracket too many" },
        { "(S (NN a))\nword (S (NN a))", "line 2", "'word' stands outside" },
        { "(S ((NN a)))", "line 1", "a bracket without a label" },
        { "( ( ) )", "line 1", "an empty bracket" },
        { "()", "line 1", "an empty bracket" },
        { "(S\n(NP)\n(VP (VB b)))", "line 2", "the constituent NP is empty" },
        { "(S (NP (NN a)) dog)", "line 1", "the word 'dog' has no tag; it stands beside the constituents of S" },
        { "( (S (NN a)) dog)", "line 1", "the word 'dog' has no tag; it stands beside the constituents of the outermost" },
        { "(S (NP (-NONE- *) dog))", "line 1", "the word 'dog' has no tag" },
        { "(S (NN big\ndog))", "line 2", "the tag NN has two words, 'big' and 'dog'" },
        { "(S (NN big (JJ old)))", "line 1", "the tag NN has the word 'big' and a bracket behind it" },
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Faults))]
    public async Task Faults_are_named_with_file_and_line(string text, string line, string says)
    {
        await Task.Yield();
        var error = Assert.Throws<DataFileException>(() => Treebank.Parse(text, "wsj.mrg"));
        Assert.Equal(("wsj.mrg", line), (error.File, error.Entry));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("wsj.mrg: line", error.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Files_read_back_and_words_with_brackets_keep_them()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        SyntaxTree[] trees = [.. GeneratedTreebank.Generate(50, 4), SyntaxTree.Phrase("TOP", SyntaxTree.Phrase("PRN", SyntaxTree.Leaf("-LRB-", "("), SyntaxTree.Leaf("NN", "f(x)[1]{a}")))];
        Treebank.Write(folder.File("a.trees"), trees);
        var read = Treebank.Read(folder.File("a.trees"));
        Assert.Equal(trees.Select(tree => tree.ToString()), read.Select(tree => tree.ToString()));
        Assert.Equal(["(", "f(x)[1]{a}"], read[^1].Leaves.Select(leaf => leaf.Word));
        Assert.Equal(["(", "a/b", ")", "n't"], Treebank.Words(" -LRB- a\\/b  ) n't\t"));
        File.WriteAllText(folder.File("b.mrg"), "(S (NN a))\n\n(S\n");
        var error = Assert.Throws<DataFileException>(() => Treebank.Read(folder.File("b.mrg")));
        Assert.Equal((folder.File("b.mrg"), "line 3"), (error.File, error.Entry));
    }

    [Fact(Timeout = 60_000)]
    public async Task Trees_refuse_what_brackets_could_not_say()
    {
        await Task.Yield();
        foreach (string wrong in (string[])["", "N P", "(", "a)"])
        {
            Assert.Throws<ArgumentException>(() => SyntaxTree.Leaf(wrong, "a"));
            Assert.Throws<ArgumentException>(() => SyntaxTree.Phrase(wrong, SyntaxTree.Leaf("NN", "a")));
        }
        Assert.Throws<ArgumentException>(() => SyntaxTree.Leaf("NN", ""));
        Assert.Throws<ArgumentException>(() => SyntaxTree.Leaf("NN", "a b"));
        Assert.Throws<ArgumentException>(() => SyntaxTree.Phrase("NP"));
    }

    /// <summary>A call per level would end the process at some ten thousand.</summary>
    [Fact(Timeout = 60_000)]
    public async Task A_tree_may_be_deeper_than_the_call_stack()
    {
        await Task.Yield();
        const int depth = 200_000;
        string text = $"{string.Concat(Enumerable.Repeat("(NP ", depth))}(NN a){new string(')', depth)}";
        var tree = Assert.Single(Treebank.Parse(text));
        Assert.Equal($"(TOP {text})", tree.ToString());
        var form = TreeLinearization.Of([tree]);
        Assert.Equal(2 * depth + 1, form.Write(tree).Count);
        Assert.Equal(tree.ToString(), form.Read(["a"], form.Write(tree)).ToString());
        Assert.Equal(depth, Evalb.Sentence(tree, tree).Matched);
        Assert.Contains($"{depth} brackets", Assert.Throws<DataFileException>(() => Treebank.Parse(text[..^depth])).Message, StringComparison.Ordinal);
    }

    /// <summary>Mutated brackets are read or refused with a line; what is read can be written, read again, linearised and scored.</summary>
    [Fact(Timeout = 120_000)]
    public async Task Twenty_thousand_mutated_texts_are_read_or_refused()
    {
        await Task.Yield();
        string[] seeds = [.. GeneratedTreebank.Generate(40, 9).Select(tree => tree.ToString()), "( (S (NP-SBJ (-NONE- *T*-1)) (VP (VBD a) (-LRB- -LRB-))))", "(NN a)\n(X (Y b))"];
        const string pieces = "()()() \n-=/\\TN\u00a0\0é";
        int read = 0, refused = 0;
        for (int i = 0; i < 25_000; i++)
        {
            var random = new Philox(11).Fork($"mutation {i}");
            uint draw = 0;
            var text = new StringBuilder(seeds[random.Below(draw++, seeds.Length)]);
            for (int k = random.Below(draw++, 6); k >= 0 && text.Length > 0; k--)
            {
                int at = random.Below(draw++, text.Length);
                switch (random.Below(draw++, 4))
                {
                    case 0: text.Remove(at, Math.Min(text.Length - at, 1 + random.Below(draw++, 8))); break;
                    case 1: text.Insert(at, pieces[random.Below(draw++, pieces.Length)]); break;
                    case 2: text[at] = pieces[random.Below(draw++, pieces.Length)]; break;
                    default: text.Insert(at, text.ToString(at, Math.Min(text.Length - at, 1 + random.Below(draw++, 30)))); break;
                }
            }
            try
            {
                var trees = Treebank.Parse(text.ToString());
                string written = string.Join('\n', trees);
                Assert.Equal(written, string.Join('\n', Treebank.Parse(written)));
                if (trees.All(tree => tree.Walk().All(step => step.Node.IsLeaf || step.Node.Label[0] is not ('/' or '\\'))))
                {
                    var form = TreeLinearization.Of(trees);
                    foreach (var tree in trees) Assert.Equal(tree.ToString(), form.Read([.. tree.Leaves.Select(leaf => leaf.Word!)], form.Write(tree)).ToString());
                }
                var score = Evalb.Corpus(trees, trees);
                Assert.Equal(score.Found, score.Matched);
                read++;
            }
            catch (DataFileException error)
            {
                Assert.StartsWith("line ", error.Entry, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.InRange(read, 1_000, 24_000);
        Assert.InRange(refused, 1_000, 24_000);
    }
}
