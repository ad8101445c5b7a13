using GpuNets.Kernels;

namespace GpuNets;

/// <summary>The gradient before an activation that an operation applied itself.</summary>
internal static class ActivationGradient
{
    /// <summary>True if the derivative cannot be had from the result, so that what was before must be kept.</summary>
    public static bool NeedsInput(Activation activation) => activation == Activation.Gelu;

    /// <summary>dz = dy f'(z) for y = f(z); dy itself if f is the identity.</summary>
    /// <param name="activation">The function f.</param>
    /// <param name="z">What f was applied to, where <see cref="NeedsInput"/>; else not read.</param>
    /// <param name="y">The result.</param>
    /// <param name="dy">Its gradient.</param>
    public static DeviceBuffer Run(Activation activation, DeviceBuffer? z, DeviceBuffer y, DeviceBuffer dy)
    {
        if (activation == Activation.Identity) return dy;
        var dz = y.Device.AllocateTemporary(dy.Length, "gradient before the activation");
        switch (activation)
        {
            // Positive exactly where z is: y serves for z.
            case Activation.Relu: Elementwise.Backward<Relu>(y, y, dy, dz); break;
            case Activation.Tanh: Elementwise.Backward<Tanh>(y, y, dy, dz); break;
            case Activation.Sigmoid: Elementwise.Backward<Sigmoid>(y, y, dy, dz); break;
            case Activation.Gelu: Elementwise.Backward<Gelu>(z!, y, dy, dz); break;
            default: throw new System.Diagnostics.UnreachableException($"forward refuses {activation}");
        }
        return dz;
    }
}
