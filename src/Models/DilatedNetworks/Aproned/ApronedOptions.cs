using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Options of an aproned-objects run: scenes, front end, then the context module on the frozen front end.</summary>
public sealed record ApronedOptions : IRunOptions
{
    /// <summary>How long the front end trains.</summary>
    public TrainerOptions Training { get; init; } = new() { Steps = 400, ReportEvery = 20, CheckpointEvery = 0 };

    /// <summary>How long the context module trains.</summary>
    public TrainerOptions ContextTraining { get; init; } = new() { Steps = 600, ReportEvery = 20, CheckpointEvery = 0 };

    /// <summary>The images.</summary>
    public ApronedScenes Scenes { get; init; } = new();

    /// <summary>Images to train on.</summary>
    public int TrainImages { get; init; } = 600;

    /// <summary>Images to test on.</summary>
    public int TestImages { get; init; } = 200;

    /// <summary>Optimiser of the front end.</summary>
    public ApronedStage Front { get; init; } = new();

    /// <summary>Optimiser of the context module.</summary>
    public ApronedStage ContextStage { get; init; } = new() { LearningRate = 0.01f, WeightDecay = 5e-4f };

    /// <summary>The context module; it has the classes of the scenes.</summary>
    public ContextOptions Context { get; init; } = ContextOptions.Dilation8(ApronedScenes.Classes);

    /// <summary>The Basic module with the initialisation of equation 4.</summary>
    public static ApronedOptions Basic => new();

    /// <summary>The Large module, batches of 8, 150 updates.</summary>
    public static ApronedOptions Large => new()
    {
        Context = ContextOptions.Dilation8(ApronedScenes.Classes, ContextKind.Large),
        ContextTraining = Basic.ContextTraining with { Steps = 150 },
        ContextStage = Basic.ContextStage with { BatchSize = 8 },
    };

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        ContextTraining.Validate();
        Scenes.Validate();
        Front.Validate(nameof(Front));
        ContextStage.Validate(nameof(ContextStage));
        Context.Validate();
        if (TrainImages < 1 || TestImages < 1)
            throw new ArgumentException($"TrainImages ({TrainImages}) and TestImages ({TestImages}) must be at least 1.");
        if (Context.Classes != ApronedScenes.Classes)
            throw new ArgumentException($"Context.Classes is {Context.Classes} but the scenes have {ApronedScenes.Classes} classes.");
    }
}
