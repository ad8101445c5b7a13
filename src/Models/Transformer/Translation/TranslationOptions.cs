using System.Text.Json.Serialization;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// A Transformer that learns to translate. The defaults are the recipe of the pytorch-seq2seq tutorial for Multi30k: ten epochs of batches of
/// 128 sentences with a constant step size; the model of the best validation perplexity is tested.
/// </summary>
public sealed record TranslationOptions : IRunOptions
{
    /// <inheritdoc/>
    public TrainerOptions Training { get; init; } = new()
    {
        Steps = 2_270,
        ReportEvery = 50,
        CheckpointEvery = 227,
        KeepCheckpoints = 5,
        EarlyStopping = new EarlyStopping { Metric = "validationPerplexity" },   // the tutorial tests the best model, too
    };

    /// <summary>Text and vocabularies.</summary>
    public TranslationDataOptions Data { get; init; } = new();

    /// <summary>The model; sizes of vocabularies and ids of marks follow from <see cref="Data"/>.</summary>
    public TransformerOptions Model { get; init; } = TransformerOptions.Multi30k();

    /// <summary>How pairs become batches.</summary>
    public TokenBatchOptions Batches { get; init; } = new() { Tokens = 0, Sentences = 128 };

    /// <summary>Batches whose gradients add up to one update: emulates larger memory, or several devices.</summary>
    public int BatchesPerUpdate { get; init; } = 1;

    /// <summary>How the step size moves.</summary>
    public TranslationSchedule Schedule { get; init; } = TranslationSchedule.Constant;

    /// <summary>Step size, or the factor of <see cref="TranslationSchedule.InverseSquareRoot"/>.</summary>
    public float LearningRate { get; init; } = 5e-4f;

    /// <summary>Updates of the warm-up of <see cref="TranslationSchedule.InverseSquareRoot"/>.</summary>
    public int Warmup { get; init; } = 4_000;

    /// <summary>Adam's decay of the mean of squares: 0.98 in the paper.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Adam's epsilon: 1e-9 in the paper.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>The gradient is scaled down to this norm; null for no limit.</summary>
    public float? ClipNorm { get; init; } = 1;

    /// <summary>Validation pairs that a report measures the perplexity of.</summary>
    public int ReportPairs { get; init; } = 256;

    /// <summary>The search of the final evaluation, beside the greedy one.</summary>
    public DecodingOptions Decoding { get; init; } = new();

    /// <summary>The tutorial's recipe; 9 million parameters.</summary>
    public static TranslationOptions Tutorial => new();

    /// <summary>The paper's recipe at a size for Multi30k: joint byte pairs, one shared matrix, batches by tokens, warm-up, label smoothing.</summary>
    public static TranslationOptions Small => new()
    {
        Training = new TrainerOptions { Steps = 4_000, ReportEvery = 100, CheckpointEvery = 400, KeepCheckpoints = 5 },
        Data = new TranslationDataOptions { Vocabulary = TranslationVocabulary.JointBytePairs },
        Model = new TransformerOptions { EncoderLayers = 3, DecoderLayers = 3, Size = 256, HiddenSize = 1024, Heads = 4, Dropout = 0.2f, MaxLength = 256 },
        Batches = new TokenBatchOptions { Tokens = 2_048 },
        Schedule = TranslationSchedule.InverseSquareRoot,
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

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>The longest sentence that a batch may have, without marks.</summary>
    [JsonIgnore]
    internal int MaximumTokens => Math.Min(Data.MaximumTokens ?? int.MaxValue, Model.MaxLength - Math.Max(1, SourceMarks));

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        Data.Validate();
        Batches.Validate();
        Decoding.Validate();
        if (!Enum.IsDefined(Schedule)) throw new ArgumentException("Schedule is none of its values.");
        if (!(LearningRate > 0)) throw new ArgumentException($"LearningRate is {LearningRate} but must be above 0.");
        if (BatchesPerUpdate < 1) throw new ArgumentException($"BatchesPerUpdate is {BatchesPerUpdate} but must be at least 1.");
        if (Warmup < 1) throw new ArgumentException($"Warmup is {Warmup} but must be at least 1.");
        if (!(Beta2 is > 0 and < 1) || !(Epsilon > 0)) throw new ArgumentException($"Beta2 ({Beta2}) must lie between 0 and 1 and Epsilon ({Epsilon}) above 0.");
        if (ClipNorm is not null and not > 0) throw new ArgumentException($"ClipNorm is {ClipNorm} but must be above 0, or null for none.");
        if (ReportPairs < 1) throw new ArgumentException($"ReportPairs is {ReportPairs} but must be at least 1.");
        if (Model.MaxLength < 2) throw new ArgumentException($"Model.MaxLength is {Model.MaxLength} but must be at least 2: a token and the end.");
        if (Model.Sharing == EmbeddingSharing.All && Data.Vocabulary != TranslationVocabulary.JointBytePairs)
            throw new ArgumentException($"Model.Sharing is All but Data.Vocabulary is {Data.Vocabulary}; one matrix for both sides needs JointBytePairs.");
    }

    /// <summary>The model for vocabularies.</summary>
    internal TransformerOptions ModelFor(ITokenizer source, ITokenizer target) => Model with
    {
        SourceVocabulary = source.Count,
        TargetVocabulary = target.Count,
        PadId = Vocabulary.Pad,
        BosId = Vocabulary.Bos,
        EosId = Vocabulary.Eos,
        UnkId = Vocabulary.Unknown,
    };

    /// <summary>Marks that a source has around its tokens.</summary>
    [JsonIgnore]
    internal int SourceMarks => (Batches.SourceBegin ? 1 : 0) + (Batches.SourceEnd ? 1 : 0);

    /// <summary>A source as the model sees it.</summary>
    internal int[] Source(int[] ids) => [.. Batches.SourceBegin ? [Vocabulary.Bos] : (int[])[], .. ids, .. Batches.SourceEnd ? [Vocabulary.Eos] : (int[])[]];

    /// <summary>The pairs of a batch as the model takes them.</summary>
    internal TransformerBatch Batch(TransformerOptions model, EncodedCorpus corpus, TokenBatch batch) =>
        new(model, [.. batch.Samples.Select(i => Source(corpus.Source[i]))], [.. batch.Samples.Select(i => corpus.Target[i])]);

    internal Optimizer Create(IReadOnlyList<Parameter> parameters)
    {
        var adam = new Adam(parameters, LearningRate, beta2: Beta2, epsilon: Epsilon) { ClipNorm = ClipNorm ?? float.PositiveInfinity };
        if (Schedule == TranslationSchedule.InverseSquareRoot) adam.Schedule = Schedules.InverseSquareRoot(Model.Size, Warmup, LearningRate);
        return adam;
    }
}
