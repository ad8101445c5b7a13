namespace GpuNets.Models;

/// <summary>Where pairs of sentences come from.</summary>
public enum TranslationCorpus
{
    /// <summary>Multi30k, lower-cased and tokenised by its authors.</summary>
    Multi30k,

    /// <summary>Multi30k as it was written.</summary>
    Multi30kRaw,

    /// <summary>The small part of WMT English-German.</summary>
    Wmt,

    /// <summary>A folder of one's own with train, val and test of either language: <c>train.de</c>, <c>train.en</c> and so on, gzipped or not.</summary>
    Files,
}
