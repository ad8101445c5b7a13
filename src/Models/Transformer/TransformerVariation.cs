namespace GpuNets.Models;

/// <summary>A row of the paper's Table 3: a variation of the base model, English to German, newstest2013.</summary>
/// <param name="Row">The paper's letter, or <c>base</c> and <c>big</c>.</param>
/// <param name="Name">What is varied, for instance <c>h1</c>.</param>
/// <param name="Options">The options.</param>
/// <param name="Perplexity">The paper's perplexity per word piece.</param>
/// <param name="Bleu">The paper's BLEU.</param>
/// <param name="Millions">The paper's parameters in millions; null where it leaves them out.</param>
public sealed record TransformerVariation(string Row, string Name, TransformerOptions Options, double Perplexity, double Bleu, int? Millions = null)
{
    /// <summary>
    /// All rows. The paper's numbers of parameters are those of a vocabulary of some 41,000 rather than 37,000 tokens: each lies about 4,000 times Size above
    /// <see cref="TransformerOptions.ParameterCount"/>, but for the big model.
    /// </summary>
    public static IReadOnlyList<TransformerVariation> All { get; } = Rows(TransformerOptions.Base);

    /// <summary>The row of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists what there is.</exception>
    public static TransformerVariation Find(string name) =>
        All.FirstOrDefault(row => row.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"Table 3 has no row '{name}'; there is {string.Join(", ", All.Select(row => row.Name))}.", nameof(name));

    private static TransformerVariation[] Rows(TransformerOptions o) =>
    [
        new("base", "base", o, 4.92, 25.8, 65),
        new("A", "h1", o with { Heads = 1 }, 5.29, 24.9),
        new("A", "h4", o with { Heads = 4 }, 5.00, 25.5),
        new("A", "h16", o with { Heads = 16 }, 4.91, 25.8),
        new("A", "h32", o with { Heads = 32 }, 5.01, 25.4),
        new("B", "dk16", o with { KeySize = 16 }, 5.16, 25.1, 58),
        new("B", "dk32", o with { KeySize = 32 }, 5.01, 25.4, 60),
        new("C", "n2", o with { EncoderLayers = 2, DecoderLayers = 2 }, 6.11, 23.7, 36),
        new("C", "n4", o with { EncoderLayers = 4, DecoderLayers = 4 }, 5.19, 25.3, 50),
        new("C", "n8", o with { EncoderLayers = 8, DecoderLayers = 8 }, 4.88, 25.5, 80),
        new("C", "d256", o with { Size = 256, KeySize = 32, ValueSize = 32 }, 5.75, 24.5, 28),
        new("C", "d1024", o with { Size = 1024, KeySize = 128, ValueSize = 128 }, 4.66, 26.0, 168),
        new("C", "dff1024", o with { HiddenSize = 1024 }, 5.12, 25.4, 53),
        new("C", "dff4096", o with { HiddenSize = 4096 }, 4.75, 26.2, 90),
        new("D", "drop0", o with { Dropout = 0 }, 5.77, 24.6),
        new("D", "drop0.2", o with { Dropout = 0.2f }, 4.95, 25.5),
        new("D", "ls0", o with { LabelSmoothing = 0 }, 4.67, 25.3),
        new("D", "ls0.2", o with { LabelSmoothing = 0.2f }, 5.47, 25.7),
        new("E", "learned", o with { Positions = TransformerPositions.Learned }, 4.92, 25.7),
        new("big", "big", TransformerOptions.Big, 4.33, 26.4, 213),
    ];
}
