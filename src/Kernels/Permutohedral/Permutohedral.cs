using System.Numerics;

namespace GpuNets.Kernels;

/// <summary>
/// Builds permutohedral lattices (Adams, Baek and Davis 2010) on the device: vertices of the simplices around all positions, found by a hash
/// table, numbered in the order of their first entries and sorted by vertex. Atomic operations only decide which slot a vertex takes, which
/// nothing after it depends on: the tables are the same each time. The host waits for the number of vertices.
/// </summary>
internal static class Permutohedral
{
    /// <summary>Tables for features [samples, dimensions, positions], with weights that are not yet normalised.</summary>
    public static PermutohedralTables Build(DeviceBuffer features, in PermutohedralSize size)
    {
        var device = features.Device;
        int entries = size.Entries, words = size.Corners;
        int slots = (int)BitOperations.RoundUpToPowerOf2((uint)entries * 2u);
        DeviceBuffer weights = device.AllocateTemporary(entries, "lattice weights"), keys = device.Allocate(checked(entries * words), "lattice keys");
        Embed(features, size, weights, keys);

        DeviceBuffer table = device.Allocate(slots, "lattice table"), leaders = device.Allocate(slots, "lattice table");
        DeviceBuffer slotOf = device.Allocate(entries, "slots of entries"), flags = device.Allocate(entries + 1, "first entries");
        DeviceBuffer numbers = device.Allocate(entries + 1, "vertex numbers");
        device.Clear(table);
        device.Clear(leaders);
        device.ForEach(
            new PermutohedralInsert
            {
                Keys = keys.Ints,
                Table = table.Ints,
                Leaders = leaders.Ints,
                Slots = slotOf.Ints,
                Words = words,
                Mask = slots - 1,
                Entries = entries,
            },
            entries, 40f + 3f * words);
        device.ForEach(new PermutohedralFirsts { Slots = slotOf.Ints, Leaders = leaders.Ints, Flags = flags.Ints, Entries = entries }, flags.Length, 3f);
        SegmentSort.Scan(flags, numbers);
        int vertices = Last(numbers);

        DeviceBuffer vertexOf = device.AllocateTemporary(entries, "vertices of entries"), firsts = device.Allocate(vertices, "first entries");
        DeviceBuffer before = device.AllocateTemporary(checked(words * vertices), "lattice neighbours"), after = device.AllocateTemporary(before.Length, "lattice neighbours");
        device.ForEach(
            new PermutohedralNumber
            {
                Slots = slotOf.Ints,
                Leaders = leaders.Ints,
                Numbers = numbers.Ints,
                Vertices = vertexOf.Ints,
                Firsts = firsts.Ints,
                Entries = entries,
            },
            entries, 4f);
        device.ForEach(
            new PermutohedralNeighbours
            {
                Keys = keys.Ints,
                Table = table.Ints,
                Leaders = leaders.Ints,
                Numbers = numbers.Ints,
                Firsts = firsts.Ints,
                Before = before.Ints,
                After = after.Ints,
                Words = words,
                Mask = slots - 1,
                Entries = entries,
                Vertices = new StridedAxis(vertices, 0, 0),
            },
            before.Length, 40f + 6f * words);
        foreach (var buffer in new[] { keys, table, leaders, slotOf, flags, numbers, firsts }) buffer.Free();
        var (splat, slice) = Lists(size, vertexOf, vertices);
        return new PermutohedralTables(size, vertices, PermutohedralPieces.Of(splat, slice.Edges), slice, before, after, weights, weights);
    }

    /// <summary>The same tables with the gain of the lattice and divided by the norms on the sides that are marked.</summary>
    public static PermutohedralTables Normalize(PermutohedralTables tables, bool bySplat, bool bySlice)
    {
        var device = tables.Before.Device;
        var size = tables.Size;
        int positions = size.Samples * size.Positions;
        DeviceBuffer ones = device.Allocate(positions, "ones"), norms = device.Allocate(positions, "norms of a filter");
        Fill.Launch(ones, 1f);
        tables.Filter(ones, norms, 1, transposed: false, accumulate: false);
        var splat = device.AllocateTemporary(size.Entries, "splat weights");
        var slice = device.AllocateTemporary(size.Entries, "slice weights");
        device.ForEach(
            new PermutohedralWeights
            {
                Weights = tables.SplatWeights.Floats,
                Norms = norms.Floats,
                Splat = splat.Floats,
                Slice = slice.Floats,
                Gain = (float)size.Gain,
                BySplat = bySplat ? 1 : 0,
                BySlice = bySlice ? 1 : 0,
                ByCorners = size.ByCorners,
            },
            size.Entries, 5f);
        ones.Free();
        norms.Free();
        return tables with { SplatWeights = splat, SliceWeights = slice };
    }

    private static void Embed(DeviceBuffer features, in PermutohedralSize size, DeviceBuffer weights, DeviceBuffer keys)
    {
        var device = features.Device;
        int entries = size.Entries;
        DeviceBuffer elevated = device.Allocate(entries, "lattice coordinates"), rounded = device.Allocate(entries, "rounded coordinates");
        DeviceBuffer rank = device.Allocate(entries, "ranks of coordinates"), corner = device.Allocate(entries, "corners of simplices");
        double scale = Math.Sqrt(2.0 / 3.0) * size.Corners;
        var scales = device.Allocate(size.Dimensions, "scales of features");
        scales.Write([.. Enumerable.Range(1, size.Dimensions).Select(k => (float)(scale / Math.Sqrt(k * (k + 1.0))))]);
        float cost = 20f + 4f * size.Corners;
        device.ForEach(
            new PermutohedralElevate { Features = features.Floats, Scales = scales.Floats, Elevated = elevated.Floats, Rounded = rounded.Floats, Size = size },
            entries, cost);
        device.ForEach(
            new PermutohedralRank { Elevated = elevated.Floats, Rounded = rounded.Floats, Rank = rank.Ints, Corner = corner.Floats, Size = size }, entries, cost);
        device.ForEach(
            new PermutohedralVertices
            {
                Elevated = elevated.Floats,
                Rank = rank.Ints,
                Corner = corner.Floats,
                Weights = weights.Floats,
                Keys = keys.Ints,
                Size = size,
            },
            entries, cost);
        foreach (var buffer in new[] { scales, elevated, rounded, rank, corner }) buffer.Free();
    }

    private static (SegmentLists Splat, SegmentLists Slice) Lists(in PermutohedralSize size, DeviceBuffer vertexOf, int vertices)
    {
        var device = vertexOf.Device;
        int entries = size.Entries;
        int[] onHost = device.Form == ExecutionForm.Host ? new int[entries] : [];
        if (onHost.Length > 0) vertexOf.Read(onHost);
        var sorted = SegmentSort.Run(vertexOf, onHost, vertices);
        DeviceBuffer positions = device.AllocateTemporary(entries, "positions of entries"), numbers = device.AllocateTemporary(entries, "entries");
        var starts = device.AllocateTemporary(size.Samples * size.Positions + 1, "entries of positions");
        device.ForEach(
            new PermutohedralLists { Sorted = sorted.Rows.Ints, Positions = positions.Ints, Starts = starts.Ints, Numbers = numbers.Ints, Size = size }, entries + 1, 3f);
        return (new SegmentLists(sorted.Starts, positions, sorted.Rows), new SegmentLists(starts, vertexOf, numbers));
    }

    private static int Last(DeviceBuffer numbers)
    {
        Span<int> last = stackalloc int[1];
        numbers.Slice(numbers.Length - 1, 1).Read(last);
        return last[0];
    }
}
