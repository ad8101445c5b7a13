namespace GpuNets.Kernels;

/// <summary>
/// What each segment adds up, in compressed form: segment s goes over the entries Starts[s] to Starts[s + 1] - 1; entry k stands for
/// row Rows[k] of the data and row Edges[k] of the weights. In a plain segment sum both are the sorted rows; in message passing along
/// edges, segments are nodes, rows the nodes at the other end, and Edges the edges.
/// </summary>
/// <param name="Starts">[segments + 1].</param>
/// <param name="Rows">[entries].</param>
/// <param name="Edges">[entries].</param>
internal sealed record SegmentLists(DeviceBuffer Starts, DeviceBuffer Rows, DeviceBuffer Edges)
{
    /// <summary>Number of segments.</summary>
    public int Count => Starts.Length - 1;

    /// <summary>Number of entries of all segments.</summary>
    public int Entries => Rows.Length;
}
