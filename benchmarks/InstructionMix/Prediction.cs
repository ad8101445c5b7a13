namespace GpuNets.InstructionMix;

/// <summary>
/// A bound for the time of a launch on an H200 (SXM), not a measurement: the slowest of memory (4.8 TB/s, of which copies reach 92%),
/// the second cache (7 TB/s, what the fastest public products of matrices draw from it), issue of instructions (132 multiprocessors with four
/// schedulers at 1.98 GHz, of which the loop's share is arithmetic) and tensor cores (495 and 989 TFLOP/s, of which mma.sync reaches 60% at
/// best and wgmma 85%). The last wave of groups counts as a whole one.
/// </summary>
internal static class Prediction
{
    private const int Multiprocessors = 132;
    private const double Bandwidth = 0.92 * 4.8e12, CacheBandwidth = 7e12, IssueRate = Multiprocessors * 4 * 1.98e9;

    /// <summary>Seconds for a kernel whose loop has a given share of arithmetic.</summary>
    public static double Seconds(HotKernel kernel, double share)
    {
        double perInstruction = kernel.Precision switch { Precision.Float32 => 64, Precision.Tf32 => 2048, _ => 4096 };
        // A quarter of 64 x 256 instead of 16 x 8, for each of the four warps.
        if (kernel.Warpgroups) perInstruction *= 32;
        double reached = kernel.Warpgroups ? 0.85 : 0.6;
        double peak = kernel.Precision switch { Precision.Float32 => double.PositiveInfinity, Precision.Tf32 => reached * 495e12, _ => reached * 989e12 };
        double rate = Math.Min(peak, IssueRate * share * perInstruction);
        double waves = kernel.Groups == 0 ? 1 : Math.Ceiling(kernel.Groups / (double)Multiprocessors) * Multiprocessors / kernel.Groups;
        double memory = Math.Max(kernel.Bytes / Bandwidth, kernel.CacheBytes / CacheBandwidth);
        return Math.Max(memory, share == 0 ? 0 : kernel.Flops / rate * waves);
    }
}
