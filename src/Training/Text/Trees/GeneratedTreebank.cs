namespace GpuNets.Training;

/// <summary>
/// Trees of English-like sentences in the style of the Penn Treebank, drawn from a probabilistic context-free grammar, for experiments without that licensed corpus.
/// Tags do not tell the tree, words do: <list type="bullet">
/// <item>A <c>with</c> phrase belongs to the verb if its noun is a tool that the verb takes (<i>saw the man with the telescope</i>), else to the object
/// (<i>cut the man with the telescope</i>, <i>saw the man with the hat</i>);</item>
/// <item>an <c>in</c> phrase belongs to the verb if it is a time, to the noun if it is a place;</item>
/// <item>behind a phrase with a noun in it <c>and</c> joins what is alike: people to people, clothes to clothes;</item>
/// <item><i>up</i>, <i>over</i> and the like are particles or prepositions, as the verb goes; <i>saw</i>, <i>her</i> and <i>that</i> have several tags.</item>
/// </list>
/// Clauses within clauses (relative, behind <i>said that</i>, joined by a comma) make up to 40 words of it.
/// </summary>
public static class GeneratedTreebank
{
    /// <summary>Most words of a sentence.</summary>
    public const int MostWords = 40;

    private const int Depth = 24, Attempts = 1000;

    private static readonly PhraseGrammar _grammar = new(Rules());

    /// <summary>Trees of a treebank from a number on: which one has a number depends on the seed alone. All are under <see cref="SyntaxTree.Top"/>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">Seed of the treebank.</param>
    /// <param name="first">Number of the first.</param>
    public static IReadOnlyList<SyntaxTree> Generate(int count, ulong seed, int first = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        var trees = new SyntaxTree[count];
        for (int i = 0; i < count; i++) trees[i] = Generate(seed, checked(first + i));
        return trees;
    }

    private static SyntaxTree Generate(ulong seed, int index)
    {
        var random = new Philox(seed).Fork($"tree {index}");
        uint draw = 0;
        for (int attempt = 0; attempt < Attempts; attempt++)
            if (_grammar.Draw(SyntaxTree.Top, random, ref draw, Depth) is { } tree && tree.Leaves.Count() <= MostWords) return tree;
        throw new InvalidOperationException($"GeneratedTreebank: {Attempts} attempts gave no tree {index} of seed {seed}.");
    }

    private static string Rules()
    {
        string[] tools = ["see", "cut", "hit"];
        var lines = new List<string> { Sentences, Nouns, Words };
        foreach (string verb in tools)
        {
            string[] others = [.. tools.Where(tool => tool != verb)];
            // What a verb of this kind takes with it, and what stays with its object.
            lines.Add($"@act~{verb} -> VBD~{verb} NP~object : 3 | VBD~{verb} NP~object PP~{verb} : 4 | VBD~{verb} NP~marked-{verb} : 4 | VBD~{verb} NP~marked-{verb} PP~{verb} : 1");
            lines.Add($"NP~marked-{verb} -> NP~plain PP~wear : 2 | NP~plain PP~{others[0]} | NP~plain PP~{others[1]} | NP~plain PP~place : 3 | NP~plain PP~place PP~wear");
            lines.Add($"PP~{verb} -> IN~with NP~{verb}");
            lines.Add($"NP~{verb} -> DT NN~{verb} : 3 | DT JJ NN~{verb} | PRP$ NN~{verb}");
        }
        return string.Join('\n', lines);
    }

    private const string Sentences = """
        TOP -> S~root
        S~root -> NP~subject VP . : 12 | PP~time , NP~subject VP . : 3 | ADVP , NP~subject VP . | S~clause , CC S~clause . : 2
        S~clause -> NP~subject VP
        VP -> @act : 6 | @act PP~time : 3 | VBD~say SBAR~that : 2 | VP~act CC VP~act
        VP~act -> @act
        @act -> @act~see : 3 | @act~cut : 3 | @act~hit : 3 | VBD~pick PRT NP~object : 2 | VBD~go PP~path : 2 | VBD~go | VBD~go ADVP
        SBAR~that -> IN~that S~clause : 3 | S~clause
        SBAR~who -> WHNP S~who
        WHNP -> WP | WDT
        S~who -> VP~act
        """;

    private const string Nouns = """
        NP~subject -> PRP : 4 | NNP : 3 | @person : 6 | NP~person SBAR~who : 2 | NP~person PP~place : 2 | NP~person CC NP~person
        NP~object -> PRP~object : 2 | NNP | @person : 4 | @thing : 5 | NP~person CC NP~person | NP~thing CC NP~thing | NP~marked CC NP~person
        NP~plain -> @person : 3 | @thing : 2
        NP~marked -> NP~person PP~garment
        NP~person -> @person
        NP~thing -> @thing
        @person -> DT NN~person : 4 | DT JJ NN~person : 2 | PRP$ NN~person
        @thing -> DT NN~thing : 4 | DT JJ NN~thing : 2 | DT NN~stuff NN~thing
        PP~wear -> IN~with NP~wear
        NP~wear -> DT NN~wear : 4 | DT JJ NN~wear : 2 | NP~garment CC NP~garment : 2
        PP~garment -> IN~with NP~garment
        NP~garment -> DT NN~wear : 2 | DT JJ NN~wear
        PP~place -> IN~place NP~place
        NP~place -> DT NN~place : 3 | DT JJ NN~place
        PP~time -> IN~time NP~time
        NP~time -> DT NN~time
        PP~path -> IN~path NP~place
        PRT -> RP
        ADVP -> RB
        """;

    private const string Words = """
        . = . . . !
        , = ,
        CC = and
        DT = the the the a this that
        JJ = old young small tall red blue strange quiet famous heavy
        RB = quickly slowly quietly suddenly early late
        PRP = he she they I we it
        PRP~object = him her them it me us
        PRP$ = his her their my our its
        NNP = Mary John Smith Anna Peter London
        WP = who
        WDT = that
        IN~that = that
        IN~with = with
        IN~place = in in near from
        IN~time = in in during
        IN~path = up down over along
        RP = up down over out
        VBD~see = saw watched observed spotted noticed filmed
        VBD~cut = cut sliced carved opened wounded trimmed
        VBD~hit = hit struck broke knocked chased damaged
        VBD~pick = picked put turned looked called
        VBD~go = went walked ran climbed drove
        VBD~say = said thought knew claimed
        NN~see = telescope camera lens mirror scope
        NN~cut = knife saw razor sword blade
        NN~hit = hammer stick bat club rock
        NN~wear = hat coat scarf beard dress mask
        NN~person = man woman boy girl doctor teacher king farmer driver child
        NN~thing = box door bread tree rope cake letter car book bird
        NN~stuff = paper glass wood stone
        NN~place = park city house garden street valley kitchen forest
        NN~time = morning evening winter summer night
        """;
}
