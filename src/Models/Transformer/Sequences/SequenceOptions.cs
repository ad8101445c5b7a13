using System.Text.Json.Serialization;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// How a Transformer learns to turn sequences into others, whatever they are: model, batches, updates, search. The defaults are the paper's recipe at a size for a
/// small corpus.
/// </summary>
public abstract record SequenceOptions : IRunOptions
{
    private protected SequenceOptions()
    {
    }

    /// <inheritdoc/>
    public TrainerOptions Training { get; init; } = new() { Steps = 4_000, ReportEvery = 100, CheckpointEvery = 400, KeepCheckpoints = 5 };

    /// <summary>The model; sizes of vocabularies and ids of marks follow from the data.</summary>
    public TransformerOptions Model { get; init; } = new();

    /// <summary>How pairs become batches.</summary>
    public TokenBatchOptions Batches { get; init; } = new() { Tokens = 2_048 };

    /// <summary>Batches whose gradients add up to one update: emulates larger memory, or several devices.</summary>
    public int BatchesPerUpdate { get; init; } = 1;

    /// <summary>How the step size moves.</summary>
    public TransformerSchedule Schedule { get; init; } = TransformerSchedule.InverseSquareRoot;

    /// <summary>Step size, or the factor of <see cref="TransformerSchedule.InverseSquareRoot"/>.</summary>
    public float LearningRate { get; init; } = 1;

    /// <summary>Updates of the warm-up of <see cref="TransformerSchedule.InverseSquareRoot"/>.</summary>
    public int Warmup { get; init; } = 4_000;

    /// <summary>Adam's decay of the mean of squares: 0.98 in the paper.</summary>
    public float Beta2 { get; init; } = 0.98f;

    /// <summary>Adam's epsilon: 1e-9 in the paper.</summary>
    public float Epsilon { get; init; } = 1e-9f;

    /// <summary>The gradient is scaled down to this norm; null for no limit.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>Validation pairs that a report measures the perplexity of.</summary>
    public int ReportPairs { get; init; } = 256;

    /// <summary>The search of the final evaluation, beside the greedy one.</summary>
    public DecodingOptions Decoding { get; init; } = new();

    /// <summary>Text, vocabularies and scores.</summary>
    [JsonIgnore]
    internal abstract ISequenceTask Task { get; }

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>The longest sequence that a batch may have, without marks.</summary>
    [JsonIgnore]
    internal int MaximumTokens => Math.Min(Task.MaximumTokens ?? int.MaxValue, Model.MaxLength - Math.Max(1, SourceMarks));

    /// <summary>Marks that a source has around its tokens.</summary>
    [JsonIgnore]
    internal int SourceMarks => (Batches.SourceBegin ? 1 : 0) + (Batches.SourceEnd ? 1 : 0);

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public virtual void Validate()
    {
        Training.Validate();
        Task.Validate();
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

    /// <summary>A source as the model sees it.</summary>
    internal int[] Source(int[] ids) => [.. Batches.SourceBegin ? [Vocabulary.Bos] : (int[])[], .. ids, .. Batches.SourceEnd ? [Vocabulary.Eos] : (int[])[]];

    /// <summary>The pairs of a batch as the model takes them.</summary>
    internal TransformerBatch Batch(TransformerOptions model, EncodedCorpus corpus, TokenBatch batch) =>
        new(model, [.. batch.Samples.Select(i => Source(corpus.Source[i]))], [.. batch.Samples.Select(i => corpus.Target[i])]);

    internal Optimizer Create(IReadOnlyList<Parameter> parameters)
    {
        var adam = new Adam(parameters, LearningRate, beta2: Beta2, epsilon: Epsilon) { ClipNorm = ClipNorm ?? float.PositiveInfinity };
        if (Schedule == TransformerSchedule.InverseSquareRoot) adam.Schedule = Schedules.InverseSquareRoot(Model.Size, Warmup, LearningRate);
        return adam;
    }
}
