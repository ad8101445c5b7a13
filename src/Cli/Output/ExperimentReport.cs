using System.Globalization;
using System.Text;
using GpuNets.Models;
using Spectre.Console;

namespace GpuNets.Cli;

/// <summary>What an experiment gave for one seed.</summary>
internal sealed record ExperimentResult(ulong Seed, IReadOnlyList<ExperimentRow> Rows, IReadOnlyList<ExperimentMark> Marks);

/// <summary>The tables of an experiment: a row per model with one value per seed, then the claims.</summary>
internal sealed class ExperimentReport(
    IExperiment experiment, string device, TimeSpan time, IReadOnlyList<ExperimentResult> results, IReadOnlyList<ExperimentMark> means)
{
    private IReadOnlyList<string> Measures => [.. results.SelectMany(result => result.Rows).SelectMany(row => row.Measures.Keys).Distinct()];

    private string Title =>
        $"{experiment.Description}; seed{(results.Count == 1 ? "" : "s")} {string.Join(", ", results.Select(result => result.Seed))} on {device}, {time:h\\:mm\\:ss}";

    public void Print(IAnsiConsole console)
    {
        console.WriteLine(Title);
        Table(console, ["", .. Measures], Rows());
        Table(console, ["claim", "measured", "holds"], Marks());
    }

    public string Markdown()
    {
        var text = new StringBuilder($"# {experiment.Name}\n\n{Title}. Values of the seeds in this order; in brackets what the reference measured.\n\n");
        Table(text, ["", .. Measures], Rows());
        text.Append('\n');
        Table(text, ["claim", "measured", "holds"], Marks());
        return text.ToString();
    }

    public static string Number(double value) => value.ToString(Math.Abs(value) is >= 1e-3 and < 1e5 or 0 ? "0.###" : "0.##e0", CultureInfo.InvariantCulture);

    private IEnumerable<string[]> Rows() => results.SelectMany(result => result.Rows).Select(row => row.Name).Distinct().Select(name => (string[])[name, .. Measures.Select(measure => Cell(name, measure))]);

    private string Cell(string name, string measure)
    {
        var rows = results.Select(result => result.Rows.FirstOrDefault(row => row.Name == name)).Where(row => row is not null && row.Measures.ContainsKey(measure)).ToArray();
        string values = string.Join(", ", rows.Select(row => Number(row!.Measures[measure])));
        return rows.Length > 0 && rows[0]!.Reference is { } reference && reference.TryGetValue(measure, out double theirs) ? $"{values} ({Number(theirs)})" : values;
    }

    private IEnumerable<string[]> Marks() => results.SelectMany(result => result.Marks).Concat(means).GroupBy(mark => mark.Claim).Select(marks =>
        (string[])[marks.Key, string.Join("; ", marks.Select(mark => mark.Measured)), marks.All(mark => mark.Passed) ? "yes" : "NO"]);

    private static void Table(IAnsiConsole console, string[] columns, IEnumerable<string[]> rows)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumns(columns);
        foreach (string[] row in rows) table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    private static void Table(StringBuilder text, string[] columns, IEnumerable<string[]> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", columns)} |\n|{string.Concat(columns.Select(_ => " --- |"))}\n");
        foreach (string[] row in rows) text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", row)} |\n");
    }
}
