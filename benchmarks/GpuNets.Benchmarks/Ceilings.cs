using System.Diagnostics;
using GpuNets.Kernels;

namespace GpuNets.Benchmarks;

/// <summary>
/// What the device of GPUNETS_DEVICE can do at best, measured once in the process that writes the table: a copy of 256 MB, and fused
/// multiply-adds alone. The best of several runs.
/// </summary>
internal static class Ceilings
{
    private const int CopiedFloats = 1 << 26, Runs = 9;

    private static readonly Lazy<(double Bytes, double Flops)> s_measured = new(Measure);

    /// <summary>Bytes read and written per nanosecond by a copy.</summary>
    public static double BytesPerNanosecond => s_measured.Value.Bytes;

    /// <summary>Operations per nanosecond; a CPU under OpenCL has those of the host's cores, which are the same.</summary>
    public static double FlopsPerNanosecond => s_measured.Value.Flops;

    private static (double Bytes, double Flops) Measure()
    {
        using var device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        DeviceBuffer from = device.Allocate(CopiedFloats), to = device.Allocate(CopiedFloats);
        double copy = 8.0 * CopiedFloats / Best(device, () => device.Copy(from, to));
        double flops = device.Form == ExecutionForm.Serial ? OnHost() : Fused(device);
        return (copy, flops);
    }

    private static double OnHost()
    {
        using var host = Device.Open("cpu");
        return Fused(host);
    }

    private static double Fused(Device device)
    {
        int count = device.Form == ExecutionForm.Host ? 1 << 16 : 1 << 22;
        var x = device.Allocate(count);
        device.Clear(x);
        return FmaProbe.Flops * count / Best(device, () => device.ForEach(new FmaProbe { X = x.Floats }, count, FmaProbe.Steps / 4f));
    }

    /// <summary>Nanoseconds of the fastest run.</summary>
    private static double Best(Device device, Action run)
    {
        double best = double.PositiveInfinity;
        for (int i = 0; i < Runs; i++)
        {
            device.Synchronize();
            long start = Stopwatch.GetTimestamp();
            run();
            device.Synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }
        return best;
    }
}
