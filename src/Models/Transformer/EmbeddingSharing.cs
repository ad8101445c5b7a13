namespace GpuNets.Models;

/// <summary>Which of the three matrices [vocabulary, d] are one: embeddings of source and target, and the projection to logits.</summary>
public enum EmbeddingSharing
{
    /// <summary>All three: the paper. Source and target have one vocabulary.</summary>
    All,

    /// <summary>Embedding of the target and projection.</summary>
    Decoder,

    /// <summary>None.</summary>
    None,
}
