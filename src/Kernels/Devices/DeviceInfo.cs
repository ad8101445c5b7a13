namespace GpuNets;

/// <summary>A device of this machine, usable or not.</summary>
/// <param name="Id">What <see cref="Device.Open(string?, DeviceOptions?)"/> takes: <c>cpu</c>, <c>cuda:0</c>, <c>opencl:0</c>.</param>
/// <param name="Kind">What runs its kernels.</param>
/// <param name="Name">The name that its driver gives.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Units">Multiprocessors, compute units or cores.</param>
/// <param name="Rejection">Why it cannot be used; null if it can.</param>
public sealed record DeviceInfo(string Id, DeviceKind Kind, string Name, long MemoryBytes, int Units, string? Rejection)
{
    /// <summary>True if <see cref="Device.Open(string?, DeviceOptions?)"/> can open it.</summary>
    public bool IsUsable => Rejection is null;
}
