using System.Numerics;

namespace GpuNets.Kernels;

/// <summary>
/// Rows sorted by segment: on the host by counting, elsewhere on the device by a radix sort, so that indices that were computed there
/// need not travel. Both are stable: the rows of a segment stay in ascending order.
/// </summary>
internal static class SegmentSort
{
    /// <summary>Values of a digit. Not more: every chunk has a counter for each.</summary>
    public const int Digits = 1 << DigitBits;

    private const int DigitBits = 8;

    /// <summary>
    /// Pairs of a chunk are moved one after the other, so there should be many chunks; but their counters, 1 KB a chunk, should not
    /// outweigh the pairs.
    /// </summary>
    private const int MinChunk = 256, MostChunks = 4096, Slices = 512;

    /// <summary>The lists of a plain segment sum; its rows and edges are the same buffer.</summary>
    /// <param name="ids">The segment of each row, on the device.</param>
    /// <param name="hostIds">The same on the host, if it has them.</param>
    /// <param name="count">Number of segments; all ids are below.</param>
    public static SegmentLists Run(DeviceBuffer ids, ReadOnlySpan<int> hostIds, int count)
    {
        var device = ids.Device;
        DeviceBuffer starts = device.AllocateTemporary(count + 1, "segment starts"), order = device.AllocateTemporary(ids.Length, "segment order");
        if (device.Form == ExecutionForm.Host)
        {
            var (hostStarts, hostOrder) = SegmentOrder.Of(hostIds, count);
            starts.Write(hostStarts);
            order.Write(hostOrder);
        }
        else
        {
            OnDevice(ids, count, starts, order);
        }
        return new SegmentLists(starts, order, order);
    }

    /// <summary>Sorts on the device.</summary>
    public static void OnDevice(DeviceBuffer ids, int count, DeviceBuffer starts, DeviceBuffer order)
    {
        var device = ids.Device;
        int rows = ids.Length;
        if (rows == 0)
        {
            device.Clear(starts);
            return;
        }
        int bits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)Math.Max(0, count - 1)));
        int passes = (bits + DigitBits - 1) / DigitBits;
        int chunk = Math.Max(MinChunk, (rows + MostChunks - 1) / MostChunks), chunks = (rows + chunk - 1) / chunk;
        DeviceBuffer keysA = device.Allocate(rows, "sorted keys"), keysB = device.Allocate(rows, "sorted keys");
        DeviceBuffer other = device.Allocate(rows, "sorted rows"), counts = device.Allocate(Digits * chunks, "digit counts");
        var offsets = device.Allocate(counts.Length, "digit offsets");
        var (keys, sorted) = (ids, keysA);
        // The last pass must write the order itself.
        var (from, to) = passes % 2 == 1 ? (other, order) : (order, other);
        for (int pass = 0; pass < passes; pass++)
        {
            int shift = pass * DigitBits;
            device.ForEach(
                new SegmentSortCount { Keys = keys.Ints, Counts = counts.Ints, Count = rows, Chunk = chunk, Chunks = chunks, Shift = shift }, chunks, 2f * chunk);
            Scan(counts, offsets);
            device.ForEach(
                new SegmentSortMove
                {
                    Keys = keys.Ints,
                    Rows = from.Ints,
                    Offsets = offsets.Ints,
                    SortedKeys = sorted.Ints,
                    SortedRows = to.Ints,
                    Count = rows,
                    Chunk = chunk,
                    Chunks = chunks,
                    Shift = shift,
                    First = pass == 0 ? 1 : 0,
                },
                chunks, 4f * chunk);
            (keys, sorted) = (sorted, ReferenceEquals(sorted, keysA) ? keysB : keysA);
            (from, to) = (to, from);
        }
        device.ForEach(new SegmentSortStarts { Keys = keys.Ints, Starts = starts.Ints, Count = rows, Segments = count }, rows + 1, 2f);
        foreach (var buffer in new[] { keysA, keysB, other, counts, offsets }) buffer.Free();
    }

    /// <summary>offsets[k] = sum of counts[0] to counts[k - 1].</summary>
    public static void Scan(DeviceBuffer counts, DeviceBuffer offsets)
    {
        var sums = counts.Device.Allocate(2 * Slices, "sums of counts");
        int slice = (counts.Length + Slices - 1) / Slices;
        for (int phase = 0; phase < 3; phase++)
            counts.Device.ForEach(
                new SegmentSortScan
                {
                    Counts = counts.Ints,
                    Offsets = offsets.Ints,
                    Sums = sums.Ints,
                    Starts = sums.Ints.SubView(Slices, Slices),
                    Count = counts.Length,
                    Slice = slice,
                    Slices = Slices,
                    Phase = phase,
                },
                phase == 1 ? 1 : Slices, slice);
        sums.Free();
    }
}
