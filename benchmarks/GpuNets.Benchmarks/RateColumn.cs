using System.Globalization;
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;

namespace GpuNets.Benchmarks;

/// <summary>Work over the median time, or the share of a ceiling that this is.</summary>
internal sealed class RateColumn(string name, string legend, string format, Func<BenchmarkCase, double?> work, Func<double>? ceiling = null) : IColumn
{
    public string Id => $"{nameof(RateColumn)} {ColumnName}";
    public string ColumnName => name;
    public string Legend => legend;
    public bool AlwaysShow => true;
    public ColumnCategory Category => ColumnCategory.Custom;
    public int PriorityInCategory => ceiling is null ? 0 : 1;
    public bool IsNumeric => true;
    public UnitType UnitType => UnitType.Dimensionless;

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase) => GetValue(summary, benchmarkCase, summary.Style);

    public string GetValue(Summary summary, BenchmarkCase benchmarkCase, SummaryStyle style) =>
        work(benchmarkCase) is { } amount && summary[benchmarkCase]?.ResultStatistics is { } statistics
            ? (amount / statistics.Median / (ceiling?.Invoke() ?? 1)).ToString(format, CultureInfo.InvariantCulture)
            : "-";

    public bool IsDefault(Summary summary, BenchmarkCase benchmarkCase) => false;

    public bool IsAvailable(Summary summary) => summary.BenchmarksCases.Any(one => work(one) is not null);
}
