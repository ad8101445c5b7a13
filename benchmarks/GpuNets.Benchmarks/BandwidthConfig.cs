using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace GpuNets.Benchmarks;

/// <summary>How many arrays of the case's Count floats a benchmark reads and writes.</summary>
/// <param name="arrays">Their number.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class TrafficAttribute(int arrays) : Attribute
{
    /// <summary>Number of arrays that pass through memory.</summary>
    public int Arrays { get; } = arrays;
}

/// <summary>Adds the memory throughput to a table and its share of a copy's, and groups it by category.</summary>
public sealed class BandwidthConfig : ManualConfig
{
    /// <summary>The default configuration with these columns.</summary>
    public BandwidthConfig()
    {
        AddColumn(
            new RateColumn("GB/s", "Bytes of the arrays read and written over the median time", "F1", Bytes),
            new RateColumn("of copy", "Share of the throughput of a copy of 256 MB, measured after the benchmarks", "P0", Bytes, () => Ceilings.BytesPerNanosecond),
            CategoriesColumn.Default);
        AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory);
    }

    private static double? Bytes(BenchmarkCase one) => one.Descriptor.WorkloadMethod
        .GetCustomAttributes(typeof(TrafficAttribute), inherit: false).OfType<TrafficAttribute>().FirstOrDefault() is { } traffic
        ? 4.0 * traffic.Arrays * (int)one.Parameters["Count"]
        : null;
}
