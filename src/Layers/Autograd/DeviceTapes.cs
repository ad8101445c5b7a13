namespace GpuNets;

/// <summary>Opens tapes on devices.</summary>
public static class DeviceTapes
{
    /// <summary>Opens a tape: until it is disposed, operations on parameters are recorded and it owns all temporaries.</summary>
    /// <exception cref="InvalidOperationException">A tape is already open on this device.</exception>
    public static Tape Record(this Device device) => new(device);
}
