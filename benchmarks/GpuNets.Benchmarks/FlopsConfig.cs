using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace GpuNets.Benchmarks;

/// <summary>A parameter of a benchmark that says what a run computes.</summary>
internal interface IFlops
{
    /// <summary>Multiplications and additions.</summary>
    double Flops { get; }
}

/// <summary>Adds the rate of arithmetic to a table, and its share of what the device can do.</summary>
public sealed class FlopsConfig : ManualConfig
{
    /// <summary>The default configuration with these columns.</summary>
    public FlopsConfig() => AddColumn(
        new RateColumn("GFLOP/s", "Multiplications and additions over the median time", "F1", Flops),
        new RateColumn("of FMA", "Share of the rate of fused multiply-adds alone, measured after the benchmarks", "P0", Flops, () => Ceilings.FlopsPerNanosecond));

    private static double? Flops(BenchmarkCase one) => one.Parameters.Items.Select(item => item.Value).OfType<IFlops>().FirstOrDefault()?.Flops;
}
