namespace GpuNets.Models;

/// <summary>Kinds of vocabularies of the words that a parsing run reads; labels and tags are always whole tokens.</summary>
public enum ParsingVocabulary
{
    /// <summary>Whole words.</summary>
    Words,

    /// <summary>Byte pairs.</summary>
    BytePairs,
}
