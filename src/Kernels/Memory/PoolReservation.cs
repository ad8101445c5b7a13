namespace GpuNets.Kernels;

/// <summary>
/// Blocks that belong to a recorded step: those that it freed serve its own next requests while it is recorded, and nobody else until it
/// is given up, since its launches write to them at each run.
/// </summary>
internal sealed class PoolReservation
{
    public Dictionary<long, Stack<DeviceBuffer>> Free { get; } = [];

    /// <summary>True once the step is given up: blocks that come back go to the pool.</summary>
    public bool Ended { get; set; }
}
