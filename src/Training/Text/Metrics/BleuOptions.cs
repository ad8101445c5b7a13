namespace GpuNets.Training;

/// <summary>How BLEU is computed. Defaults are those of sacreBLEU.</summary>
public sealed record BleuOptions
{
    /// <summary>What a word is.</summary>
    public BleuTokenization Tokenization { get; init; } = BleuTokenization.Mteval13a;

    /// <summary>What orders without matches count as.</summary>
    public BleuSmoothing Smoothing { get; init; } = BleuSmoothing.Exponential;

    /// <summary>Compare in lower case.</summary>
    public bool LowerCase { get; init; }

    /// <summary>Leave out orders that the text is too short to have: for single sentences.</summary>
    public bool EffectiveOrder { get; init; }
}
