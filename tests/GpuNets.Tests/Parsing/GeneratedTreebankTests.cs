using System.Text.RegularExpressions;
using GpuNets.Training;

namespace GpuNets.Tests.Parsing;

/// <summary>The treebank that experiments without data use: the same for a seed, and worth learning.</summary>
public sealed class GeneratedTreebankTests
{
    [Fact(Timeout = 60_000)]
    public async Task Trees_depend_on_seed_and_number_alone()
    {
        await Task.Yield();
        string[] all = [.. GeneratedTreebank.Generate(60, 7).Select(tree => tree.ToString())];
        Assert.Equal(all[20..], GeneratedTreebank.Generate(40, 7, first: 20).Select(tree => tree.ToString()));
        Assert.NotEqual(all, GeneratedTreebank.Generate(60, 8).Select(tree => tree.ToString()));
        Assert.Equal(all[3], Assert.Single(Treebank.Parse(all[3])).ToString());
    }

    /// <summary>Words tell the tree: no sentence has two. Tags do not: a tenth and more of the sentences share their tags with another tree.</summary>
    [Fact(Timeout = 60_000)]
    public async Task Words_tell_the_tree_and_tags_do_not()
    {
        await Task.Yield();
        var trees = GeneratedTreebank.Generate(20_000, 1);
        Assert.All(trees, tree => Assert.InRange(tree.Leaves.Count(), 2, GeneratedTreebank.MostWords));
        Assert.InRange(trees.Average(tree => tree.Leaves.Count()), 10, 18);
        var form = TreeLinearization.Of(trees);
        var same = trees.GroupBy(tree => string.Join(' ', tree.Leaves.Select(leaf => leaf.Word))).Where(group => group.Count() > 1).ToArray();
        Assert.InRange(same.Length, 20, 2_000);
        Assert.All(same, group => Assert.Single(group.Select(tree => tree.ToString()).Distinct()));
        int unlike = trees.GroupBy(tree => string.Join(' ', tree.Leaves.Select(leaf => leaf.Label)))
            .Where(group => group.Select(tree => string.Join(' ', form.Write(tree))).Distinct().Count() > 1).Sum(group => group.Count());
        Assert.InRange(unlike, trees.Count / 10, trees.Count);
    }

    /// <summary>Sentences that differ in a noun or verb alone have the phrase in another place.</summary>
    [Theory(Timeout = 60_000)]
    [InlineData("(saw|watched|spotted|filmed) (the|a) \\w+ with (the|a) (telescope|camera|lens|mirror|scope)", "VP")]
    [InlineData("(cut|sliced|carved|opened|hit|struck|broke|chased) (the|a) \\w+ with (the|a) (telescope|camera|lens|mirror|scope)", "NP")]
    [InlineData("(cut|carved|wounded|sliced) (the|a) \\w+ with (the|a) (knife|sword|saw)", "VP")]
    [InlineData("(saw|watched|cut|hit) (the|a) \\w+ with (the|a) (hat|coat|scarf)", "NP")]
    [InlineData("(saw|watched|cut|hit) (the|a) \\w+ in (the|a) (park|city|house)", "NP")]
    [InlineData("(saw|watched|cut|hit) (the|a) \\w+ in (the|a) (morning|evening|winter)", "VP")]
    public async Task A_phrase_belongs_to_what_its_words_say(string pattern, string owner)
    {
        await Task.Yield();
        int found = 0;
        foreach (var tree in GeneratedTreebank.Generate(10_000, 6))
        {
            string sentence = string.Join(' ', tree.Leaves.Select(leaf => leaf.Word));
            var match = Regex.Match(sentence, $"(?<= |^){pattern}(?= )");
            if (!match.Success) continue;
            found++;
            int noun = sentence[..(match.Index + match.Length)].Count(c => c == ' '), place = 0;
            var path = new Stack<string>();
            foreach (var (node, closes) in tree.Walk())
            {
                if (closes) path.Pop();
                else if (!node.IsLeaf) path.Push(node.Label);
                // Above the noun: its phrase, the prepositional one, and what that belongs to; a pair of nouns has one phrase more.
                else if (place++ == noun) Assert.Equal(owner, path.SkipWhile(label => label == "NP").Skip(1).First());
            }
        }
        Assert.InRange(found, 2, 10_000);
    }
}
