using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Options of a run that learns to copy symbols. The defaults are those of the Annotated Transformer at d = 64.</summary>
public sealed record CopySymbolsOptions : IRunOptions
{
    /// <inheritdoc/>
    public TrainerOptions Training { get; init; } = new() { Steps = 800, ReportEvery = 50, CheckpointEvery = 400 };

    /// <summary>The model.</summary>
    public TransformerOptions Model { get; init; } = TransformerOptions.CopyTask;

    /// <summary>Symbols of a sequence; the first is always the first token.</summary>
    public int Length { get; init; } = 10;

    /// <summary>Sequences per update.</summary>
    public int BatchSize { get; init; } = 80;

    /// <summary>Factor of the schedule.</summary>
    public float Factor { get; init; } = 1;

    /// <summary>Updates of the warm-up.</summary>
    public long Warmup { get; init; } = 400;

    /// <summary>Sequences of an evaluation.</summary>
    public int EvaluationSequences { get; init; } = 100;

    /// <summary>The setting that learns.</summary>
    public static CopySymbolsOptions Standard => new();

    /// <summary>Without positions, which cannot learn: the encoder sees a set.</summary>
    public static CopySymbolsOptions NoPositions => new() { Model = TransformerOptions.CopyTask with { Positions = TransformerPositions.None } };

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        Model.Validate();
        foreach (var (name, value, least) in new (string, long, long)[]
        {
            (nameof(Length), Length, 2), (nameof(BatchSize), BatchSize, 1), (nameof(Warmup), Warmup, 1), (nameof(EvaluationSequences), EvaluationSequences, 1),
        })
        {
            if (value < least) throw new ArgumentException($"{name} is {value} but must be at least {least}.");
        }
        if (!(Factor > 0) || !float.IsFinite(Factor)) throw new ArgumentException($"Factor is {Factor} but must be above 0.");
        if (Model.SourceVocabulary != Model.TargetVocabulary || Model.PadId != 0 || Model.BosId != 1)
            throw new ArgumentException("Model: copying needs equal vocabularies, PadId 0 and BosId 1.");
        if (Length > Model.MaxLength) throw new ArgumentException($"Length is {Length} but the model takes {Model.MaxLength} tokens at most (MaxLength).");
    }
}
