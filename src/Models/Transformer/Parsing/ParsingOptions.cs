using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// A Transformer that learns to parse (section 6.3 of the paper): it reads words and writes the tokens of their tree. The defaults are <see cref="Small"/>.
/// </summary>
public sealed record ParsingOptions : SequenceOptions
{
    /// <summary>The small setting.</summary>
    public ParsingOptions()
    {
        Training = new TrainerOptions { Steps = 4_000, ReportEvery = 250, CheckpointEvery = 500 };
        Model = new TransformerOptions
        {
            EncoderLayers = 2,
            DecoderLayers = 2,
            Size = 64,
            HiddenSize = 256,
            Heads = 4,
            // So small a model underfits the generated trees: without dropout it needs half the updates for the same perplexity.
            Dropout = 0,
            MaxLength = 512,
            Sharing = EmbeddingSharing.None,
        };
        Batches = new TokenBatchOptions { Tokens = 1_024 };
        Warmup = 400;
        Decoding = Search;
    }

    /// <summary>Trees and vocabularies.</summary>
    public ParsingDataOptions Data { get; init; } = new();

    /// <summary>A model of 0.3 million parameters for the generated treebank: minutes on CPUs.</summary>
    public static ParsingOptions Small => new();

    /// <summary>
    /// The paper's model for the Wall Street Journal alone: 4 layers, d 1024, 16K byte pairs, batches of 25,000 tokens. Dropout, warm-up and step size, which the paper
    /// says were tuned but not to what, are those of tensor2tensor's parsing set; its step size of 0.05 is a factor of 0.5 here. Needs a Data.Folder.
    /// </summary>
    public static ParsingOptions Wsj => new()
    {
        Training = new TrainerOptions { Steps = 100_000, ReportEvery = 100, CheckpointEvery = 1_500, KeepCheckpoints = 5 },
        Data = new ParsingDataOptions { Vocabulary = ParsingVocabulary.BytePairs, VocabularySize = 16_384, MaximumTokens = 512 },
        Model = new TransformerOptions
        {
            EncoderLayers = 4,
            DecoderLayers = 4,
            Size = 1024,
            Dropout = 0.2f,
            AttentionDropout = 0.2f,
            Sharing = EmbeddingSharing.None,
        },
        Batches = new TokenBatchOptions { Tokens = 25_000 },
        LearningRate = 0.5f,
        Warmup = 16_000,
    };

    /// <summary>The paper's semi-supervised setting, with trees of other parsers in the training file: 32K byte pairs; dropout and warm-up as in tensor2tensor's set for it.</summary>
    public static ParsingOptions SemiSupervised => Wsj with
    {
        Data = Wsj.Data with { VocabularySize = 32_768 },
        Model = Wsj.Model with { Dropout = 0.1f, AttentionDropout = 0 },
        Warmup = 4_000,
    };

    internal override ISequenceTask Task => Data;

    // Section 6.3.
    private static DecodingOptions Search => new() { Beam = 21, LengthPenalty = 0.3, MaxExtraLength = 300 };

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Model.Sharing == EmbeddingSharing.All) throw new ArgumentException("Model.Sharing is All but words and labels have vocabularies of their own; take Decoder or None.");
    }
}
