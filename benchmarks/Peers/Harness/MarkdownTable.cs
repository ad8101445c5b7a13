using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace GpuNets.Peers;

/// <summary>Results as a Markdown document: the machine, the versions, a table for each device.</summary>
internal static class MarkdownTable
{
    /// <summary>Writes the document.</summary>
    public static void Write(string path, IReadOnlyList<Report> reports, string command)
    {
        var text = new StringBuilder();
        text.AppendLine($"""
            # GpuNets against TorchSharp

            - Date: {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {File.ReadAllText("/proc/loadavg").Split(' ')[1]} over the last 5 minutes
            - Processor: {ProcessorName()}, {Environment.ProcessorCount} cores
            - {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}
            - GpuNets {Version(typeof(Device))}, TorchSharp {Version(typeof(TorchSharp.torch))} (libtorch {TorchSharp.torch.__version__})
            - Command: `{command}`

            Times are milliseconds of one run: the median of alternating batches, and the quartiles in brackets. The ratio is TorchSharp's
            time over that of GpuNets; above 1 GpuNets is faster. The processor ratio compares the processor time of all threads instead of the time
            that passed; other programs on the machine disturb it less.
            """);
        foreach (var device in reports.GroupBy(report => report.Device))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"\n## {device.Key ?? "TorchSharp alone"}\n");
            text.AppendLine("| case | GpuNets | TorchSharp | ratio | processor ratio | mark | reached | largest difference |");
            text.AppendLine("| --- | ---: | ---: | ---: | ---: | ---: | --- | ---: |");
            foreach (var report in device) text.AppendLine(Row(report));
        }
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder) Directory.CreateDirectory(folder);
        File.WriteAllText(path, text.ToString());
    }

    private static string Row(Report report)
    {
        if (report.Error is { } error) return $"| {report.Case} | {error.Replace("|", "/").ReplaceLineEndings(" ")} | | | | | no | |";
        string mark = report.MarkUs is { } microseconds ? $"< {microseconds} us" : $"{report.Mark}";
        string reached = report.Reached switch { true => "yes", false => "no", null => "" };
        return $"| {report.Case} | {Time(report.OursMs, report.OursP25, report.OursP75, report.OursUs)} "
            + $"| {Time(report.PeerMs, report.PeerP25, report.PeerP75, report.PeerUs)} | {report.Ratio:0.00} | {report.CpuRatio:0.00} | {mark} | {reached} "
            + $"| {report.MaxRelDiff:0.0E+0}{(report.PeerOff is { } off ? $" (TorchSharp is {off:0.0E+0} off its own double)" : "")} |";
    }

    private static string Time(double? median, double? lower, double? upper, double? microseconds)
    {
        if (median is null) return "";
        string operation = microseconds is { } each ? $"; {each:0.00} us each" : "";
        return $"{Short(median)} ({Short(lower)} to {Short(upper)}{operation})";
    }

    private static string Short(double? value) => value switch
    {
        >= 100 => $"{value:0}",
        >= 10 => $"{value:0.0}",
        >= 1 => $"{value:0.00}",
        _ => $"{value:0.000}",
    };

    private static string ProcessorName() => File.ReadLines("/proc/cpuinfo")
        .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim() ?? "unknown";

    private static string Version(Type type) => type.Assembly.GetName().Version?.ToString(3) ?? "unknown";
}
