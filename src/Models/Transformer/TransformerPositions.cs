namespace GpuNets.Models;

/// <summary>What is added to embeddings to tell places apart. Models of one layout cannot be used with another.</summary>
public enum TransformerPositions
{
    /// <summary>Nothing: the model sees its inputs as sets. An ablation.</summary>
    None,

    /// <summary>sin(p r_i) at 2i, cos(p r_i) at 2i + 1, r_i = 10000^(-2i / d): the paper.</summary>
    Interleaved,

    /// <summary>All sines, then all cosines, r_i = 10000^(-i / (d / 2 - 1)): tensor2tensor and fairseq.</summary>
    Halves,

    /// <summary>All sines, then all cosines, with the paper's r_i: Marian.</summary>
    PaperHalves,

    /// <summary>A trained vector per place, for encoder and decoder each: row E of Table 3.</summary>
    Learned,
}
