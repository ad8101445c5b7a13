using GpuNets.Training;

namespace GpuNets.Tests.Parsing;

/// <summary>Trees as tokens and back, whatever a model says.</summary>
public sealed class TreeLinearizationTests
{
    private static readonly TreeLinearization s_form = new(["S", "NP", "VP", "PP"]);

    [Fact(Timeout = 60_000)]
    public async Task A_tree_is_labels_tags_and_closed_labels()
    {
        await Task.Yield();
        var tree = Treebank.Parse("(TOP (S (NP (PRP He)) (VP (VBD saw) (NP (DT the) (NN man))) (. .)))")[0];
        Assert.Equal("S NP PRP /NP VP VBD NP DT NN /NP /VP . /S", string.Join(' ', s_form.Write(tree)));
        Assert.Equal(["NP", "S", "VP"], TreeLinearization.Of([tree]).Labels.Order(StringComparer.Ordinal));
        Assert.Equal(["NP", "S"], TreeLinearization.OfTokens(["S", "/S", "NP", "DT", "/NP", "/", "<unk>"]).Labels.Order(StringComparer.Ordinal));
        Assert.Contains("the label VP is not", Assert.Throws<ArgumentException>(() => new TreeLinearization(["S", "NP"]).Write(tree)).Message, StringComparison.Ordinal);
        foreach (string label in (string[])["/X", "\\X"])
            Assert.Contains($"the label {label} begins", Assert.Throws<ArgumentException>(() => TreeLinearization.Of(Treebank.Parse($"(S ({label} (NN a)))"))).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Generated_trees_come_back_from_their_tokens()
    {
        await Task.Yield();
        var trees = GeneratedTreebank.Generate(2_000, 5);
        var form = TreeLinearization.Of(trees);
        foreach (var tree in trees) Assert.Equal(tree.ToString(), form.Read(Words(tree), form.Write(tree)).ToString());
        // What a vocabulary of the tokens knows is enough.
        var known = TreeLinearization.OfTokens(trees.SelectMany(form.Write));
        Assert.Equal(form.Labels.Order(StringComparer.Ordinal), known.Labels.Order(StringComparer.Ordinal));
    }

    /// <summary>Tags that look like labels or closed labels, which no Penn Treebank has.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Tags_that_could_be_taken_for_labels_are_marked()
    {
        await Task.Yield();
        var tree = Treebank.Parse("(TOP (NP (NP a) (/NP b) (\\NP c) (/ d) (\\ e) (TOP f) (TOP (NN g))))")[0];
        var form = TreeLinearization.Of([tree]);
        Assert.Equal(@"NP \NP \/NP \\NP \/ \\ \TOP TOP NN /TOP /NP", string.Join(' ', form.Write(tree)));
        Assert.Equal(tree.ToString(), form.Read(Words(tree), form.Write(tree)).ToString());
    }

    [Theory(Timeout = 60_000)]
    [InlineData("S NP DT /NP", "(TOP (S (NP (DT a)) (XX b) (XX c)))")]                       // unclosed, and words are left: in what is open
    [InlineData("S NP DT /NP /S", "(TOP (S (NP (DT a))) (XX b) (XX c))")]                    // nothing is open: at the top
    [InlineData("S NP DT NN NN", "(TOP (S (NP (DT a) (NN b) (NN c))))")]                     // unclosed
    [InlineData("NP DT /VP NN /NP /NP /S NN", "(TOP (NP (DT a) (NN b)) (NN c))")]            // unopened
    [InlineData("S NP DT NN VP VB /S NP /NP", "(TOP (S (NP (DT a) (NN b) (VP (VB c)))))")]   // /S closes NP and VP too; an empty NP goes
    [InlineData("S VP /VP NP DT NN NN NN NN /NP /S", "(TOP (S (NP (DT a) (NN b) (NN c))))")] // too many tags
    [InlineData("DT NN NN", "(TOP (DT a) (NN b) (NN c))")]
    [InlineData("", "(TOP (XX a) (XX b) (XX c))")]
    [InlineData("S S S /S", "(TOP (S (S (XX a) (XX b) (XX c))))")]
    [InlineData("<unk> /QP QP ( VB", "(TOP (<unk> a) (/QP b) (QP c))")]                      // no label among those known: tags
    [InlineData("( ) S", "(TOP (XX a) (XX b) (S (XX c)))")]
    public async Task Malformed_tokens_have_a_tree(string tokens, string expected)
    {
        await Task.Yield();
        Assert.Equal(expected, s_form.Read(["a", "b", "c"], tokens.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Random_tokens_give_a_tree_over_all_words()
    {
        await Task.Yield();
        string[] tokens = ["S", "NP", "VP", "PP", "/S", "/NP", "/VP", "/PP", "DT", "NN", "<unk>", "/X", "\\NP", "/", "\\", ""];
        for (int i = 0; i < 20_000; i++)
        {
            var random = new Philox(3).Fork($"tokens {i}");
            string[] words = [.. Enumerable.Range(0, 1 + random.Below(0, 8)).Select(k => $"w{k}")];
            var tree = s_form.Read(words, Enumerable.Range(0, random.Below(1, 40)).Select(k => tokens[random.Below((uint)k + 2, tokens.Length)]));
            Assert.Equal(words, Words(tree));
            Assert.Equal(tree.ToString(), Treebank.Parse(tree.ToString())[0].ToString());
            Assert.Equal(SyntaxTree.Top, tree.Label);
        }
        Assert.Throws<ArgumentException>(() => s_form.Read([], ["S"]));
    }

    private static string[] Words(SyntaxTree tree) => [.. tree.Leaves.Select(leaf => leaf.Word!)];
}
