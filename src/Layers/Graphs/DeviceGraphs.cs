using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Makes segments and graphs on a device. They belong to the innermost scope (a tape, or <c>device.Scope()</c>).</summary>
public static class DeviceGraphs
{
    /// <summary>Rows that belong to segments in any order; sorted on the host's cores on the CPU device, else on the device.</summary>
    /// <param name="device">Where the indices live.</param>
    /// <param name="ids">The segment of every row: [rows].</param>
    /// <param name="count">Number of segments.</param>
    /// <exception cref="ShapeException">The indices are no vector, or one is not below <paramref name="count"/>.</exception>
    public static Segments Segments(this Device device, IndexTensor ids, int count)
    {
        Op.CheckDevice("Segments", device, ids.Device);
        Check("Segments", ids, count);
        return new Segments(ids, count, SegmentSort.Run(ids.Buffer, device.Kind == DeviceKind.Cpu ? ids.HostValues : [], count));
    }

    /// <summary>Segments of neighbouring rows: the first <c>lengths[0]</c> rows, then the next <c>lengths[1]</c>, and so on.</summary>
    /// <param name="device">Where they shall live.</param>
    /// <param name="lengths">Rows of each segment.</param>
    /// <exception cref="ShapeException">A length is negative.</exception>
    public static Segments SegmentsOfLengths(this Device device, params ReadOnlySpan<int> lengths)
    {
        int rows = 0;
        for (int s = 0; s < lengths.Length; s++)
        {
            if (lengths[s] < 0) throw new ShapeException("Segments", $"segment {s} has a length of {lengths[s]}.");
            rows = checked(rows + lengths[s]);
        }
        int[] ids = new int[rows];
        for (int s = 0, row = 0; s < lengths.Length; row += lengths[s++]) ids.AsSpan(row, lengths[s]).Fill(s);
        return Make(device.Indices(ids), ids, lengths.Length);
    }

    /// <summary>Graphs as one batch, checked and sorted on the host.</summary>
    /// <param name="device">Where the batch shall live.</param>
    /// <param name="graphs">The graphs; none is allowed.</param>
    /// <exception cref="ShapeException">An edge names a node that does not exist, or sources and targets differ in number; the message names the edge.</exception>
    public static GraphBatch Graphs(this Device device, params ReadOnlySpan<EdgeList> graphs) => new(device, graphs);

    /// <summary>Throws unless the indices are a vector of numbers below a bound; the message names the row.</summary>
    internal static void Check(string operation, IndexTensor ids, int count)
    {
        if (count < 0) throw new ArgumentOutOfRangeException(nameof(count), count, $"{operation}: the number of segments must not be negative.");
        if (ids.Shape.Rank != 1) throw new ShapeException(operation, $"expected one index per row, [rows], got {ids.Shape}.");
        if (ids.Count == 0 || (ids.Minimum >= 0 && ids.Maximum < count)) return;
        int row = Array.FindIndex(ids.HostValues, id => id < 0 || id >= count);
        throw new ShapeException(operation, $"row {row} belongs to segment {ids.HostValues[row]}, but there are {count} segments (numbered from 0).");
    }

    /// <summary>Segments from indices that the host has checked.</summary>
    internal static Segments Make(IndexTensor ids, ReadOnlySpan<int> hostIds, int count)
    {
        var (starts, order) = SegmentOrder.Of(hostIds, count);
        var rows = Upload(ids.Device, order);
        return new Segments(ids, count, new SegmentLists(Upload(ids.Device, starts), rows, rows));
    }

    /// <summary>The nodes at the other ends of the edges of every node.</summary>
    internal static SegmentLists Neighbours(Segments edges, ReadOnlySpan<int> here, ReadOnlySpan<int> there, int nodes)
    {
        var (_, order) = SegmentOrder.Of(here, nodes);
        int[] rows = new int[order.Length];
        for (int k = 0; k < rows.Length; k++) rows[k] = there[order[k]];
        return edges.Lists with { Rows = Upload(edges.Device, rows) };
    }

    private static DeviceBuffer Upload(Device device, int[] values)
    {
        var buffer = device.AllocateTemporary(values.Length, "graph");
        buffer.Write(values);
        return buffer;
    }
}
