using System.Diagnostics;

namespace GpuNets.Peers;

/// <summary>Times of one run in milliseconds: quartiles over batches.</summary>
internal sealed record Timing(double Lower, double Median, double Upper)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(400);

    /// <summary>Times works in alternating batches, so that a slow spell of the machine hits all of them alike.</summary>
    /// <param name="works">What to time.</param>
    /// <param name="batches">Batches of each work.</param>
    /// <param name="batchMilliseconds">Length of a batch; a batch has at least one run.</param>
    public static Timing[] Interleaved(IReadOnlyList<IWork> works, int batches, double batchMilliseconds)
    {
        int[] runs = [.. works.Select(work => Math.Max(1, (int)(batchMilliseconds / MillisecondsAfterWarmUp(work))))];
        var times = works.Select(_ => new double[batches]).ToArray();
        for (int batch = 0; batch < batches; batch++)
        {
            for (int i = 0; i < works.Count; i++)
            {
                // Garbage of the one side is not collected in the time of the other.
                GC.Collect();
                works[i].Run();
                long start = Stopwatch.GetTimestamp();
                for (int run = 0; run < runs[i]; run++) works[i].Run();
                times[i][batch] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs[i];
            }
        }
        return [.. times.Select(Quartiles)];
    }

    /// <summary>Median and quartiles, interpolated between ranks.</summary>
    public static Timing Quartiles(double[] times)
    {
        double[] sorted = [.. times.Order()];
        return new Timing(At(sorted, 0.25), At(sorted, 0.5), At(sorted, 0.75));
    }

    private static double At(double[] sorted, double share)
    {
        double rank = share * (sorted.Length - 1);
        int below = (int)rank;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
    }

    private static double MillisecondsAfterWarmUp(IWork work)
    {
        long start = Stopwatch.GetTimestamp();
        double fastest = double.MaxValue;
        do
        {
            long run = Stopwatch.GetTimestamp();
            work.Run();
            fastest = Math.Min(fastest, Stopwatch.GetElapsedTime(run).TotalMilliseconds);
        }
        while (Stopwatch.GetElapsedTime(start) < WarmUp);
        return fastest;
    }
}
