namespace GpuNets;

/// <summary>Running averages of a batch norm, updated in place: r = (1 - factor) r + factor new.</summary>
/// <param name="Mean">Means of channels: [channels].</param>
/// <param name="Variance">Unbiased variances of channels: [channels].</param>
/// <param name="Factor">Share of the new statistics, in [0, 1]; PyTorch calls it momentum.</param>
public readonly record struct RunningStatistics(StateBuffer Mean, StateBuffer Variance, float Factor)
{
    /// <summary>In a captured step: where the factor of each run lies.</summary>
    internal DeviceBuffer? CapturedFactor { get; init; }
}
