namespace GpuNets.Models;

/// <content>Named settings.</content>
public sealed partial record TransformerOptions
{
    /// <summary>The paper's base model with a joint vocabulary of 37,000: 63.1 million parameters.</summary>
    public static TransformerOptions Base => new();

    /// <summary>The paper's big model: 214 million parameters. Dropout is 0.1 for English to French.</summary>
    public static TransformerOptions Big => new() { Size = 1024, HiddenSize = 4096, Heads = 16, Dropout = 0.3f };

    /// <summary>
    /// The model of the pytorch-seq2seq tutorial for Multi30k: 3 layers, d 256, separate vocabularies and matrices, learned positions, biases everywhere, PyTorch's
    /// epsilon; 9.04 million parameters with vocabularies of 7,853 and 5,893.
    /// </summary>
    /// <param name="sourceVocabulary">Tokens of the source.</param>
    /// <param name="targetVocabulary">Tokens of the target.</param>
    public static TransformerOptions Multi30k(int sourceVocabulary = 7_853, int targetVocabulary = 5_893) => new()
    {
        SourceVocabulary = sourceVocabulary,
        TargetVocabulary = targetVocabulary,
        EncoderLayers = 3,
        DecoderLayers = 3,
        Size = 256,
        HiddenSize = 512,
        Heads = 8,
        AttentionDropout = 0.1f,
        ActivationDropout = 0.1f,
        LabelSmoothing = 0,
        NormEpsilon = 1e-5f,
        Positions = TransformerPositions.Learned,
        MaxLength = 100,
        Sharing = EmbeddingSharing.None,
        AttentionBias = true,
        OutputBias = true,
        Initialization = TransformerInitialization.Xavier,
    };

    /// <summary>A small model for copying ten symbols: vocabulary 11 with 0 as padding and 1 as the first token.</summary>
    public static TransformerOptions CopyTask => new()
    {
        SourceVocabulary = 11,
        TargetVocabulary = 11,
        EncoderLayers = 2,
        DecoderLayers = 2,
        Size = 64,
        HiddenSize = 256,
        Heads = 4,
        LabelSmoothing = 0,
        MaxLength = 64,
    };
}
