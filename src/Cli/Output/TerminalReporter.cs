using System.Globalization;
using GpuNets.Models;
using GpuNets.Training;
using Spectre.Console;

namespace GpuNets.Cli;

/// <summary>Reports for people: a live line on a terminal, a plain line every few seconds elsewhere, a table at the end.</summary>
internal sealed class TerminalReporter(TextWriter output) : IRunReporter
{
    private static readonly TimeSpan s_plainInterval = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole _console = Terminal.Console(output);
    private readonly bool _live = !Console.IsOutputRedirected;
    private DateTime _lastLine = DateTime.MinValue;
    private bool _open;

    public void Start(IModelRecipe recipe, IModelRun run, Device device, ulong seed, string folder, long steps)
    {
        _console.MarkupLineInterpolated($"[bold]{recipe.Name}[/] on {device.Name} ({device.Info.Id}), seed {seed}, {steps} updates, {folder}");
        _console.WriteLine(run.Model.ToString());
    }

    public void Step(string phase, StepReport report, long steps)
    {
        string metrics = string.Join("  ", report.Metrics.Select(pair => $"{pair.Key} {Number(pair.Value)}"));
        string line = $"{phase}  {report.Step}/{steps}  loss {Number(report.Loss)}  {metrics}  {report.StepsPerSecond:0} steps/s  {Time(report.Remaining)} left";
        if (_live)
        {
            // One line, rewritten in place; cut to the width so that it never wraps.
            int width = Math.Max(20, _console.Profile.Width - 1);
            output.Write($"\r{(line.Length > width ? line[..width] : line.PadRight(width))}");
            _open = true;
        }
        else if (DateTime.UtcNow - _lastLine >= s_plainInterval || report.Step >= steps)
        {
            _lastLine = DateTime.UtcNow;
            output.WriteLine(line);
        }
    }

    public void Note(string text)
    {
        Close();
        output.WriteLine(text);
    }

    public void Final(long steps, double seconds, string folder, IReadOnlyDictionary<string, double> metrics, IReadOnlyList<string> figures, bool cancelled)
    {
        Close();
        if (cancelled) output.WriteLine($"Stopped after {steps} updates; go on with --resume {folder}");
        if (metrics.Count > 0)
        {
            var table = new Table().Border(TableBorder.Simple).AddColumns("metric", "value");
            foreach (var (name, value) in metrics) table.AddRow(Markup.Escape(name), Number(value));
            _console.Write(table);
        }
        foreach (string figure in figures) output.WriteLine(figure);
        output.WriteLine($"{steps} updates in {Time(TimeSpan.FromSeconds(seconds))}, run folder {folder}");
    }

    public void Dispose() => Close();

    private void Close()
    {
        if (_open) output.WriteLine();
        _open = false;
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) is >= 1e-3 and < 1e5 or 0 ? "0.####" : "0.##e0", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan time) => time.TotalHours >= 1 ? $"{(int)time.TotalHours}:{time:mm\\:ss}" : $"{time:m\\:ss}";
}
