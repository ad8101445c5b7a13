using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
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

/// <summary>Adds the memory throughput to a table, and groups it by category.</summary>
public sealed class BandwidthConfig : ManualConfig
{
    /// <summary>The default configuration with one more column.</summary>
    public BandwidthConfig()
    {
        AddColumn(new BandwidthColumn(), CategoriesColumn.Default);
        AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory);
    }

    private sealed class BandwidthColumn : IColumn
    {
        public string Id => nameof(BandwidthColumn);
        public string ColumnName => "GB/s";
        public string Legend => "Bytes of the arrays read and written over the median time";
        public bool AlwaysShow => true;
        public ColumnCategory Category => ColumnCategory.Custom;
        public int PriorityInCategory => 0;
        public bool IsNumeric => true;
        public UnitType UnitType => UnitType.Dimensionless;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
            Arrays(benchmarkCase) is { } arrays && benchmarkCase.Parameters["Count"] is int count
                && summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (4.0 * arrays * count / statistics.Median).ToString("F1", System.Globalization.CultureInfo.InvariantCulture)
                : "-";

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public bool IsAvailable(Summary summary) => true;

        private static int? Arrays(BenchmarkCase benchmarkCase) => benchmarkCase.Descriptor.WorkloadMethod
            .GetCustomAttributes(typeof(TrafficAttribute), inherit: false).OfType<TrafficAttribute>().FirstOrDefault()?.Arrays;
    }
}
