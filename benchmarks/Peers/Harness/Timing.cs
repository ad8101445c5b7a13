using System.Diagnostics;

namespace GpuNets.Peers;

/// <summary>Times of one run in milliseconds: quartiles over batches, and the processor time of all threads.</summary>
/// <param name="Lower">First quartile of the elapsed time.</param>
/// <param name="Median">Median of the elapsed time.</param>
/// <param name="Upper">Third quartile of the elapsed time.</param>
/// <param name="Processor">Median of the processor time, which other programs on the machine disturb less.</param>
/// <param name="PageFaults">Median of the page faults; many of them tell that memory was fetched from the system anew.</param>
internal sealed record Timing(double Lower, double Median, double Upper, double Processor, double PageFaults)
{
    // Long enough for the just-in-time compiler to replace the quick code of the first runs.
    private static readonly TimeSpan WarmUp = TimeSpan.FromMilliseconds(1500);

    /// <summary>Times works in alternating batches, so that a slow spell of the machine hits all of them alike.</summary>
    /// <param name="works">What to time.</param>
    /// <param name="batches">Batches of each work.</param>
    /// <param name="batchMilliseconds">Length of a batch; a batch has at least one run.</param>
    public static Timing[] Interleaved(IReadOnlyList<IWork> works, int batches, double batchMilliseconds)
    {
        int[] runs = [.. works.Select(work => Math.Max(1, (int)(batchMilliseconds / MillisecondsAfterWarmUp(work))))];
        var elapsed = works.Select(_ => new double[batches]).ToArray();
        var processor = works.Select(_ => new double[batches]).ToArray();
        var faults = works.Select(_ => new double[batches]).ToArray();
        for (int batch = 0; batch < batches; batch++)
        {
            for (int i = 0; i < works.Count; i++)
            {
                // Garbage of the one side is not collected in the time of the other.
                GC.Collect();
                works[i].Run();
                var used = Environment.CpuUsage.TotalTime;
                long faulted = PageFaultsSoFar();
                long start = Stopwatch.GetTimestamp();
                for (int run = 0; run < runs[i]; run++) works[i].Run();
                elapsed[i][batch] = Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs[i];
                processor[i][batch] = (Environment.CpuUsage.TotalTime - used).TotalMilliseconds / runs[i];
                faults[i][batch] = (double)(PageFaultsSoFar() - faulted) / runs[i];
            }
        }
        return [.. works.Select((_, i) => Summary(elapsed[i], processor[i], faults[i]))];
    }

    private static Timing Summary(double[] elapsed, double[] processor, double[] faults)
    {
        Array.Sort(elapsed);
        Array.Sort(processor);
        Array.Sort(faults);
        return new Timing(
            Quantile(elapsed, 0.25), Quantile(elapsed, 0.5), Quantile(elapsed, 0.75), Quantile(processor, 0.5), Quantile(faults, 0.5));
    }

    // Field 10 of the line, counted after the name in parentheses, which is the second.
    private static long PageFaultsSoFar()
    {
        string line = File.ReadAllText("/proc/self/stat");
        return long.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[7]);
    }

    // Interpolated between ranks.
    private static double Quantile(double[] sorted, double share)
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
