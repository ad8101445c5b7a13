namespace GpuNets.Kernels;

/// <summary>
/// The entries of vertices in pieces of at most 64. In a flat region a vertex has tens of thousands of entries, alike in value: added one after the
/// other they lose three digits (measured: 1.6e-4 of the mean of 20,000), and on a GPU one warp would add while the others wait. Pieces are
/// summed first, then the pieces of each vertex.
/// </summary>
/// <param name="Parts">Entries of each piece; those beyond the last are empty.</param>
/// <param name="Whole">Pieces of each vertex.</param>
internal sealed record PermutohedralPieces(SegmentLists Parts, SegmentLists Whole)
{
    private const int Length = 64;

    /// <param name="splat">Entries of each vertex, of which every one has some.</param>
    /// <param name="numbers">0, 1, 2, ..: as many as there are entries.</param>
    public static PermutohedralPieces Of(SegmentLists splat, DeviceBuffer numbers)
    {
        var device = numbers.Device;
        int entries = splat.Entries, most = Math.Min(entries, splat.Count + entries / Length);
        DeviceBuffer counts = device.Allocate(splat.Count + 1, "pieces of vertices"), firsts = device.AllocateTemporary(counts.Length, "pieces of vertices");
        var starts = device.AllocateTemporary(most + 1, "entries of pieces");
        device.ForEach(
            new PermutohedralPieceCounts { Starts = splat.Starts.Ints, Counts = counts.Ints, Vertices = splat.Count, Length = Length }, counts.Length, 3f);
        SegmentSort.Scan(counts, firsts);
        counts.Free();
        device.ForEach(
            new PermutohedralPieceStarts
            {
                Starts = splat.Starts.Ints,
                FirstPieces = firsts.Ints,
                Pieces = starts.Ints,
                Vertices = splat.Count,
                Entries = entries,
                Length = Length,
            },
            starts.Length, 30f);
        var pieces = numbers.Slice(0, most);
        return new PermutohedralPieces(new SegmentLists(starts, splat.Rows, splat.Edges), new SegmentLists(firsts, pieces, pieces));
    }

    /// <summary>values[v, :] = sum over the entries of v of weights[entry] x[position, :].</summary>
    public void Run(DeviceBuffer x, DeviceBuffer weights, DeviceBuffer values, int columns)
    {
        var sums = values.Device.Allocate(checked(Parts.Count * columns), "sums of pieces");
        SegmentSum.Run(x, Parts, new EdgeWeight(weights, 1, PerColumn: false), sums, columns, mean: false, accumulate: false);
        SegmentSum.Run(sums, Whole, EdgeWeight.None, values, columns, mean: false, accumulate: false);
        sums.Free();
    }
}
