namespace GpuNets;

/// <summary>What a device's memory pool holds.</summary>
/// <param name="LiveBytes">Bytes in blocks that somebody owns.</param>
/// <param name="PeakBytes">Largest value that <paramref name="LiveBytes"/> ever had.</param>
/// <param name="ReservedBytes">Bytes taken from the device, used or not.</param>
/// <param name="LiveBlocks">Number of blocks that somebody owns.</param>
/// <param name="Allocations">Number of blocks handed out so far.</param>
/// <param name="DeviceAllocations">Number of times that memory was taken from the device itself.</param>
public readonly record struct PoolStatistics(
    long LiveBytes, long PeakBytes, long ReservedBytes, int LiveBlocks, long Allocations, long DeviceAllocations)
{
    internal static string Megabytes(long bytes) => bytes < 1 << 20 ? $"{bytes} bytes" : $"{bytes / 1048576.0:0.#} MiB";

    /// <inheritdoc/>
    public override string ToString() =>
        $"live {Megabytes(LiveBytes)} in {LiveBlocks} blocks, peak {Megabytes(PeakBytes)}, reserved {Megabytes(ReservedBytes)}";
}
