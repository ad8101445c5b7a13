using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// A Transformer that learns to translate. The defaults are the recipe of the pytorch-seq2seq tutorial for Multi30k: ten epochs of batches of
/// 128 sentences with a constant step size; the model of the best validation perplexity is tested.
/// </summary>
public sealed record TranslationOptions : SequenceOptions
{
    /// <summary>The tutorial's recipe.</summary>
    public TranslationOptions()
    {
        Training = new TrainerOptions
        {
            Steps = 2_270,
            ReportEvery = 50,
            CheckpointEvery = 227,
            KeepCheckpoints = 5,
            EarlyStopping = new EarlyStopping { Metric = "validationPerplexity" },   // the tutorial tests the best model, too
        };
        Model = TransformerOptions.Multi30k();
        Batches = new TokenBatchOptions { Tokens = 0, Sentences = 128 };
        Schedule = TransformerSchedule.Constant;
        LearningRate = 5e-4f;
        Beta2 = 0.999f;
        Epsilon = 1e-8f;
        ClipNorm = 1;
    }

    /// <summary>Text and vocabularies.</summary>
    public TranslationDataOptions Data { get; init; } = new();

    /// <summary>The tutorial's recipe; 9 million parameters.</summary>
    public static TranslationOptions Tutorial => new();

    /// <summary>The paper's recipe at a size for Multi30k: joint byte pairs, one shared matrix, batches by tokens, warm-up, label smoothing.</summary>
    public static TranslationOptions Small => new()
    {
        Training = new TrainerOptions { Steps = 4_000, ReportEvery = 100, CheckpointEvery = 400, KeepCheckpoints = 5 },
        Data = new TranslationDataOptions { Vocabulary = TranslationVocabulary.JointBytePairs },
        Model = new TransformerOptions { EncoderLayers = 3, DecoderLayers = 3, Size = 256, HiddenSize = 1024, Heads = 4, Dropout = 0.2f, MaxLength = 256 },
        Batches = new TokenBatchOptions { Tokens = 2_048 },
        Schedule = TransformerSchedule.InverseSquareRoot,
        LearningRate = 1,
        Warmup = 1_000,
        Beta2 = 0.98f,
        Epsilon = 1e-9f,
        ClipNorm = null,
    };

    /// <summary>The base model of the paper with its recipe, on WMT English to German; batches of 25,000 tokens.</summary>
    public static TranslationOptions Base => Small with
    {
        Training = new TrainerOptions { Steps = 100_000, ReportEvery = 100, CheckpointEvery = 1_500, KeepCheckpoints = 5 },
        Data = new TranslationDataOptions
        {
            Corpus = TranslationCorpus.Wmt,
            Pair = "en-de",
            Vocabulary = TranslationVocabulary.JointBytePairs,
            VocabularySize = 37_000,
            MaximumTokens = 250,
        },
        Model = TransformerOptions.Base,
        Batches = new TokenBatchOptions { Tokens = 25_000 },
        Warmup = 4_000,
    };

    internal override ISequenceTask Task => Data;

    /// <inheritdoc/>
    public override void Validate()
    {
        base.Validate();
        if (Model.Sharing == EmbeddingSharing.All && Data.Vocabulary != TranslationVocabulary.JointBytePairs)
            throw new ArgumentException($"Model.Sharing is All but Data.Vocabulary is {Data.Vocabulary}; one matrix for both sides needs JointBytePairs.");
    }
}
