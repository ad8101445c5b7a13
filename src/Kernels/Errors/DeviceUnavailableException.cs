namespace GpuNets;

/// <summary>A device that was asked for by name is not there or cannot run kernels.</summary>
/// <param name="requested">What was asked for.</param>
/// <param name="reason">Why it cannot be had, and what can.</param>
/// <param name="inner">The driver's own error, if there is one.</param>
public sealed class DeviceUnavailableException(string requested, string reason, Exception? inner = null)
    : GpuNetsException($"Device '{requested}': {reason}", inner)
{
    /// <summary>What was asked for, for instance <c>cuda:1</c>.</summary>
    public string Requested { get; } = requested;
}
