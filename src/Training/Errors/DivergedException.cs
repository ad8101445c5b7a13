namespace GpuNets.Training;

/// <summary>Training reached a loss that is no finite number; nothing was saved after it.</summary>
/// <param name="step">Updates done when the loss was read.</param>
/// <param name="loss">The loss: NaN or an infinity.</param>
/// <param name="checkpoint">The last good checkpoint, or null when there is none.</param>
public sealed class DivergedException(long step, double loss, string? checkpoint) : GpuNetsException(
    $"The loss is {loss} at step {step}. {(checkpoint is null ? "There is no checkpoint" : $"The last good checkpoint is {checkpoint}")}; " +
    "try a smaller learning rate or gradient clipping.")
{
    /// <summary>Updates done when the loss was read.</summary>
    public long Step { get; } = step;

    /// <summary>The loss: NaN or an infinity.</summary>
    public double Loss { get; } = loss;

    /// <summary>The last good checkpoint, or null when there is none.</summary>
    public string? Checkpoint { get; } = checkpoint;
}
