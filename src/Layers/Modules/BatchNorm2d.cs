namespace GpuNets;

/// <summary>A <see cref="BatchNorm"/> of images [samples, channels, height, width].</summary>
/// <param name="vars">Where weight, bias and running statistics go.</param>
/// <param name="channels">Size of axis 1.</param>
/// <param name="options">Settings; null for the defaults.</param>
/// <exception cref="ArgumentOutOfRangeException">There is no channel, epsilon is not positive or momentum not in [0, 1].</exception>
public sealed class BatchNorm2d(Vars vars, int channels, BatchNormOptions? options = null) : BatchNorm(vars, channels, options)
{
    private protected override bool Takes(int rank) => rank == 4;

    private protected override string Takes() => $"[samples, {Channels}, height, width]";
}
