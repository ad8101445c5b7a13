using GpuNets.Kernels;

namespace GpuNets;

/// <summary>The gradient of a bias per channel.</summary>
internal static class ChannelSums
{
    /// <summary>Adds sum_(n, i) dz[n, c, i] to the gradient of bias[c].</summary>
    public static void Add(Tape tape, Tensor bias, DeviceBuffer dz, int batch, int channels, int plane)
    {
        if (tape.Fresh(bias) is not { } gradient) return;
        Reduction.Run<SumOf>(dz, gradient, ReduceAxes.Of((batch, channels, plane), [true, false, true]));
        tape.Put(bias, gradient);
    }
}
