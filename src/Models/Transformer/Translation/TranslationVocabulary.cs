namespace GpuNets.Models;

/// <summary>Kinds of vocabularies of a translation run.</summary>
public enum TranslationVocabulary
{
    /// <summary>Whole words, one vocabulary per language.</summary>
    Words,

    /// <summary>Byte pairs, one vocabulary for both languages, as in the paper.</summary>
    JointBytePairs,

    /// <summary>Byte pairs, one vocabulary per language.</summary>
    SeparateBytePairs,
}
