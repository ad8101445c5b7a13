namespace GpuNets.Kernels;

/// <summary>Launches the counting of pairs of labels and predictions.</summary>
internal static class Confusion
{
    /// <summary>Positions of a chunk: enough for a group of threads, unless counters would outweigh them.</summary>
    private const int Chunk = 4096;

    /// <summary>Number of counters for so many classes: a pair each, and one for what is no class.</summary>
    public static int Cells(int classes) => checked(classes * classes + 1);

    /// <summary>totals[label * K + prediction] += how often the pair comes; the last counter += positions where one of them is no class.</summary>
    public static void Add(DeviceBuffer labels, DeviceBuffer predictions, DeviceBuffer totals, int classes, int ignored)
    {
        int count = labels.Length, cells = Cells(classes);
        if (count == 0) return;
        var device = totals.Device;
        int chunk = Math.Max(Chunk, cells), rows = (count + chunk - 1) / chunk;
        var counts = device.Allocate(checked(rows * cells), "counts of chunks");
        device.ForRows(
            new ConfusionRows
            {
                Labels = labels.Ints,
                Predictions = predictions.Ints,
                Counts = counts.Ints,
                Count = count,
                Chunk = chunk,
                Classes = classes,
                Ignored = ignored,
            },
            rows, Math.Min(count, chunk), 2f * Math.Min(count, chunk));
        device.ForEach(new ConfusionTotals { Counts = counts.Ints, Totals = totals.Ints, Rows = rows, Cells = cells }, cells, 1f * rows);
        counts.Free();
    }
}
