namespace GpuNets;

/// <summary>The device has no room for an allocation, even after the pool gave its unused memory back.</summary>
public sealed class DeviceOutOfMemoryException : GpuNetsException
{
    internal DeviceOutOfMemoryException(string device, long requested, PoolStatistics statistics, IReadOnlyList<string> largest, Exception? inner)
        : base($"{device}: out of memory allocating {PoolStatistics.Megabytes(requested)}; {statistics}. Largest live: {string.Join(", ", largest)}", inner)
    {
        RequestedBytes = requested;
        Statistics = statistics;
        LargestLive = largest;
    }

    /// <summary>Size of the allocation that failed, in bytes.</summary>
    public long RequestedBytes { get; }

    /// <summary>State of the pool when it failed.</summary>
    public PoolStatistics Statistics { get; }

    /// <summary>The largest live blocks, largest first, as <c>label: size</c>.</summary>
    public IReadOnlyList<string> LargestLive { get; }
}
