using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Options of a copy run: machine, task, optimiser, baseline, evaluation. The defaults are the quick preset.</summary>
public sealed record NtmCopyOptions : IRunOptions
{
    /// <inheritdoc/>
    public TrainerOptions Training { get; init; } = new() { Steps = 8_000, ReportEvery = 100, CheckpointEvery = 2_000 };

    /// <summary>The task. Inputs and outputs of <see cref="Model"/> follow from it.</summary>
    public CopyTask Task { get; init; } = new() { Width = 4, MaxLength = 5, TestLengths = [5, 10] };

    /// <summary>The machine.</summary>
    public NtmOptions Model { get; init; } = NtmOptions.Quick(5, 4);

    /// <summary>Sequences per update.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>What updates the parameters.</summary>
    public NtmOptimizer Optimizer { get; init; } = NtmOptimizer.Adam;

    /// <summary>Step size.</summary>
    public float LearningRate { get; init; } = 3e-3f;

    /// <summary>Each component of the gradient is cut to +-ClipValue; null for no cut.</summary>
    public float? ClipValue { get; init; } = 10;

    /// <summary>The gradient is scaled down to this norm; null for no limit.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>Units per layer of the LSTM baseline; 0 for no baseline.</summary>
    public int BaselineWidth { get; init; } = 64;

    /// <summary>Step size of the baseline.</summary>
    public float BaselineLearningRate { get; init; } = 1e-3f;

    /// <summary>Sequences that a report measures, and sequences per length in the final evaluation.</summary>
    public int ReportSequences { get; init; } = 32;

    /// <inheritdoc cref="ReportSequences"/>
    public int EvaluationSequences { get; init; } = 200;

    /// <summary>The quick setting: learns in a minute or two on two cores.</summary>
    public static NtmCopyOptions Quick => new();

    /// <summary>The paper's setting: lengths 1 to 20, 8 bits, memory 128 x 20, LSTM controller of 100 units, RMSProp, one sequence per update.</summary>
    public static NtmCopyOptions Paper
    {
        get
        {
            var task = new CopyTask();
            return new NtmCopyOptions
            {
                Training = new TrainerOptions { Steps = 20_000, ReportEvery = 250, CheckpointEvery = 5_000 },
                Task = task,
                Model = NtmOptions.Paper(task.Inputs, task.Outputs),
                BatchSize = 1,
                Optimizer = NtmOptimizer.GravesRmsProp,
                LearningRate = 1e-4f,
                BaselineWidth = 256,
                BaselineLearningRate = 3e-5f,
            };
        }
    }

    /// <summary>The paper's setting with a feed-forward controller.</summary>
    public static NtmCopyOptions PaperFeedForward =>
        Paper with { Model = Paper.Model with { Controller = NtmController.FeedForward } };

    /// <summary>Collier and Beel 2018: Adam, batches of 32, gradient norm at most 50, parameters of heads clipped to +-20.</summary>
    public static NtmCopyOptions CollierBeel => Paper with
    {
        Training = new TrainerOptions { Steps = 31_000, ReportEvery = 100, CheckpointEvery = 2_000 },
        Model = NtmOptions.CollierBeel(9, 8),
        BatchSize = 32,
        Optimizer = NtmOptimizer.Adam,
        LearningRate = 1e-3f,
        ClipValue = null,
        ClipNorm = 50,
        BaselineLearningRate = 1e-3f,
    };

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        foreach (var (name, value) in new[]
        {
            (nameof(BatchSize), BatchSize), (nameof(ReportSequences), ReportSequences), (nameof(EvaluationSequences), EvaluationSequences),
        })
        {
            if (value < 1) throw new ArgumentException($"{name} is {value} but must be at least 1.");
        }
        if (BaselineWidth < 0) throw new ArgumentException($"BaselineWidth is {BaselineWidth} but must be 0 or more.");
        if (!(LearningRate > 0) || !(BaselineLearningRate > 0))
            throw new ArgumentException($"LearningRate ({LearningRate}) and BaselineLearningRate ({BaselineLearningRate}) must be above 0.");
        if (ClipValue is not null and not > 0 || ClipNorm is not null and not > 0)
            throw new ArgumentException($"ClipValue ({ClipValue}) and ClipNorm ({ClipNorm}) must be above 0, or null for none.");
        if (Task.MinLength < 1 || Task.MaxLength < Task.MinLength || Task.Width < 1)
            throw new ArgumentException($"Task: lengths {Task.MinLength} to {Task.MaxLength} of {Task.Width} bits make no sense.");
    }
}
