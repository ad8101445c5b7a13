using GpuNets.Training;

namespace GpuNets.Tests.Parsing;

/// <summary>Labelled brackets against counts by hand.</summary>
public sealed class EvalbTests
{
    private const string Right = "(TOP (S (NP (DT the) (NN man)) (VP (VBD saw) (NP (DT a) (NN dog)) (PP (IN with) (NP (NNS teeth)))) (. .)))";

    public static TheoryData<string, string, BracketScore> Sentences => new()
    {
        // S 0-7, NP 0-2, VP 2-7, NP 3-5, PP 5-7, NP 6-7; neither the full stop nor TOP counts.
        { Right, Right, new(6, 6, 6, 7, 7, 1, 1, 0, 0) },
        // Attached to the noun: NP 3-7 is one too many; a wrong tag.
        {
            "(TOP (S (NP (DT the) (NN man)) (VP (VBD saw) (NP (NP (DT a) (NN dog)) (PP (IN with) (NP (NN teeth))))) (. .)))", Right,
            new(6, 7, 6, 7, 6, 0, 1, 0, 0)
        },
        // S, NP 0-2 and NP 3-5 match; VP 2-5 and NP 5-7 do not; NP 6-7, PP 5-7 and VP 2-7 are missed.
        {
            "(TOP (S (NP (DT the) (NN man)) (VP (VBD saw) (NP (DT a) (NN dog))) (NP (IN with) (NNS teeth)) (. .)))", Right,
            new(3, 5, 6, 7, 7, 0, 1, 0, 0)
        },
        // Punctuation moves no bracket, and a phrase of punctuation alone is none.
        { "(TOP (S (NP (DT a)) (, ,) (VP (VB b) (PRN (: --))) (. .)))", "(TOP (S (NP (DT a) (, ,)) (VP (VB b) (: --) (. .))))", new(3, 3, 3, 2, 2, 1, 1, 0, 0) },
        // Equal brackets count as often as they occur: one of the two gold NP 0-1.
        { "(TOP (S (NP (NN a)) (VP (VB b))))", "(TOP (S (NP (NP (NN a))) (VP (VB b))))", new(3, 3, 4, 2, 2, 0, 1, 0, 0) },
        { "(TOP (S (NP (NP (NN a))) (VP (VB b))))", "(TOP (S (NP (NN a)) (VP (VB b))))", new(3, 4, 3, 2, 2, 0, 1, 0, 0) },
        { "(TOP (S (VB a) (ADVP (RP b))))", "(TOP (S (VB a) (PRT (RP b))))", new(2, 2, 2, 2, 2, 1, 1, 0, 0) },
        // A label of tags only: no brackets at all, which is right.
        { "(TOP (NN a))", "(TOP (UH a))", new(0, 0, 0, 1, 0, 1, 1, 0, 0) },
        // The full stop with another tag is not deleted: the lengths differ. Then words that differ, and no words.
        { Right.Replace("(. .)", "(NN .)", StringComparison.Ordinal), Right, new(0, 0, 0, 0, 0, 0, 0, 1, 12) },
        { Right.Replace("dog", "cat", StringComparison.Ordinal), Right, new(0, 0, 0, 0, 0, 0, 0, 1, 12) },
        { "(TOP (FRAG (. .)))", "(TOP (FRAG (. .)))", new(0, 0, 0, 0, 0, 0, 0, 1, 0) },
    };

    [Theory(Timeout = 60_000), MemberData(nameof(Sentences))]
    public async Task A_sentence_counts_as_by_hand(string parse, string gold, BracketScore expected)
    {
        await Task.Yield();
        Assert.Equal(expected, Evalb.Sentence(Treebank.Parse(parse)[0], Treebank.Parse(gold)[0]));
    }

    [Fact(Timeout = 60_000)]
    public async Task A_corpus_is_the_sum_of_its_sentences()
    {
        await Task.Yield();
        var second = Treebank.Parse("(TOP (S (NP (DT the) (NN man)) (VP (VBD saw) (NP (NP (DT a) (NN dog)) (PP (IN with) (NP (NN teeth))))) (. .)))")[0];
        var gold = Treebank.Parse(Right)[0];
        var other = Treebank.Parse("(TOP (NP (NN a)))")[0];
        var score = Evalb.Corpus([gold, second, other], [gold, gold, gold]);
        Assert.Equal(new BracketScore(12, 13, 12, 14, 13, 1, 2, 1, 7), score);
        Assert.Equal(100.0 * 12 / 13, score.Precision, 9);
        Assert.Equal(100, score.Recall, 9);
        Assert.Equal(100.0 * 24 / 25, score.F1, 9);
        Assert.Equal(100.0 * 24 / 32, score.F1OfAll, 9);
        Assert.Equal(50, score.ExactMatch, 9);
        Assert.Equal(100.0 * 13 / 14, score.TaggingAccuracy, 9);
        Assert.Equal("F1 96.00 (P 92.31, R 100.00), exact 50.00, tags 92.86, 2 sentences, 1 skipped", score.ToString());
        var none = Evalb.Corpus([], []);
        Assert.Equal([0, 0, 0, 0, 0, 0], [none.F1, none.Precision, none.Recall, none.ExactMatch, none.TaggingAccuracy, none.F1OfAll]);
        Assert.Throws<ArgumentException>(() => Evalb.Corpus([gold], []));
    }
}
