namespace GpuNets.Training;

/// <summary>How long to train and when to report and save.</summary>
public sealed record TrainerOptions
{
    /// <summary>Updates of the whole run, those before a resume included.</summary>
    public long Steps { get; init; } = 1000;

    /// <summary>A report every so many updates, and one at the end.</summary>
    public long ReportEvery { get; init; } = 10;

    /// <summary>A checkpoint every so many updates; 0 saves only at the end and on cancellation.</summary>
    public long CheckpointEvery { get; init; } = 1000;

    /// <summary>How many checkpoints stay.</summary>
    public int KeepCheckpoints { get; init; } = 3;

    /// <summary>Go on when a loss is NaN or infinite, instead of raising <see cref="DivergedException"/>.</summary>
    public bool AllowNonFiniteLoss { get; init; }

    /// <summary>Which measure is watched, to keep the best model and to end training when it gets no better.</summary>
    public EarlyStopping EarlyStopping { get; init; } = new();

    /// <summary>Refuses numbers that make no sense.</summary>
    /// <exception cref="ArgumentException">Patience without a metric.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range; the message names the option.</exception>
    public void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfNegative(Steps);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReportEvery, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        ArgumentOutOfRangeException.ThrowIfLessThan(KeepCheckpoints, 1);
        ArgumentNullException.ThrowIfNull(EarlyStopping);
        EarlyStopping.Validate();
    }
}
