namespace GpuNets.Training;

/// <summary>What BLEU takes for a word. Scores of different tokenisations are not comparable.</summary>
public enum BleuTokenization
{
    /// <summary>The tokenizer of mteval-v13a, for plain text: what sacreBLEU reports by default.</summary>
    Mteval13a,

    /// <summary>Tokens between any white space of Unicode: sacreBLEU's <c>none</c>.</summary>
    None,

    /// <summary>Tokens between single spaces, after stripping the line, as tensorflow/nmt counts: two spaces hold an empty token, and so does an empty line.</summary>
    Spaces,

    /// <summary>
    /// Tokens between white space, hyphenated compounds split on both sides: <c>a-b</c> counts as <c>a ##AT##-##AT## b</c>. The published
    /// English-German numbers of the Transformer are of this kind.
    /// </summary>
    Compounds,
}
