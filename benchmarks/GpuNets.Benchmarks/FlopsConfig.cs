using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace GpuNets.Benchmarks;

/// <summary>Adds the rate of arithmetic of matrix products to a table.</summary>
public sealed class FlopsConfig : ManualConfig
{
    /// <summary>The default configuration with one more column.</summary>
    public FlopsConfig() => AddColumn(new FlopsColumn());

    private sealed class FlopsColumn : IColumn
    {
        public string Id => nameof(FlopsColumn);
        public string ColumnName => "GFLOP/s";
        public string Legend => "2 M N K per product over the median time";
        public bool AlwaysShow => true;
        public ColumnCategory Category => ColumnCategory.Custom;
        public int PriorityInCategory => 0;
        public bool IsNumeric => true;
        public UnitType UnitType => UnitType.Dimensionless;

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

        public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
            benchmarkCase.Parameters["Shape"] is GemmShape shape && summary[benchmarkCase]?.ResultStatistics is { } statistics
                ? (shape.Size.Flops / statistics.Median).ToString("F1", System.Globalization.CultureInfo.InvariantCulture)
                : "-";

        public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

        public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(item => item.Parameters["Shape"] is GemmShape);
    }
}
