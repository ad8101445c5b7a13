using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Rows that belong to segments: edges to nodes, nodes to graphs. Sorted once (stably, so that sums always add in the same order), then used by
/// any number of segment operations and their gradients. Made by <c>device.Segments</c>; belongs to the innermost scope, as tensors do.
/// </summary>
public sealed class Segments
{
    internal Segments(IndexTensor ids, int count, SegmentLists lists)
    {
        Ids = ids;
        Count = count;
        Lists = lists;
    }

    /// <summary>The segment of every row: [rows].</summary>
    public IndexTensor Ids { get; }

    /// <summary>Number of segments; some may have no rows.</summary>
    public int Count { get; }

    /// <summary>Number of rows.</summary>
    public int Rows => Ids.Count;

    /// <summary>The device that holds them.</summary>
    public Device Device => Ids.Device;

    internal SegmentLists Lists { get; }

    /// <inheritdoc/>
    public override string ToString() => $"Segments({Rows} rows in {Count} segments) on {Device.Info.Id}";
}
