using System.CommandLine;
using System.Diagnostics;
using GpuNets.Models;

namespace GpuNets.Cli;

/// <summary><c>gpunets experiment NAME</c>: runs the experiment of a paper over some seeds, prints its table and judges its claims.</summary>
internal static class ExperimentCommand
{
    private const int ClaimFailed = 1;

    private sealed record Request(string? Name, string Seeds, string? Device, string? Out, bool Json);

    public static Command Create(TextWriter output, TextWriter error)
    {
        var name = new Argument<string?>("experiment") { Description = "Which one; without it they are listed.", Arity = ArgumentArity.ZeroOrOne };
        var seeds = new Option<string>("--seeds") { Description = "Seeds with commas between them.", DefaultValueFactory = _ => "1" };
        var device = SharedOptions.Device();
        var file = new Option<string?>("--out") { Description = "Also write the tables to this Markdown file." };
        var json = SharedOptions.Json();
        var command = new Command("experiment", "Runs an experiment that compares models, and judges its claims (exit code 1 when one does not hold).")
        {
            name, seeds, device, file, json,
        };
        command.SetAction(parsed => Run(
            new Request(parsed.GetValue(name), parsed.GetValue(seeds)!, parsed.GetValue(device), parsed.GetValue(file), parsed.GetValue(json)), output, error));
        return command;
    }

    private static int Run(Request request, TextWriter output, TextWriter error)
    {
        if (request.Name is null) return List(request.Json, output);
        var experiment = ExperimentRegistry.Find(request.Name);
        ulong[] seeds = [.. request.Seeds.Split(',').Select(Seed)];
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(request.Device);
        var results = new List<ExperimentResult>();
        var lines = new JsonLines(output);
        var watch = Stopwatch.StartNew();
        foreach (ulong seed in seeds)
        {
            var rows = new List<ExperimentRow>();
            try
            {
                foreach (var row in experiment.Run(device, seed, interrupt.Token))
                {
                    rows.Add(row);
                    if (request.Json) lines.Write(new { kind = "row", experiment = experiment.Name, seed, row = row.Name, measures = row.Measures, reference = row.Reference });
                    else output.WriteLine($"seed {seed}  {row.Name}  {string.Join("  ", row.Measures.Select(pair => $"{pair.Key} {ExperimentReport.Number(pair.Value)}"))}");
                }
            }
            catch (OperationCanceledException)
            {
                error.WriteLine("gpunets: stopped; the rows above are complete.");
                return ClaimFailed;
            }
            var marks = experiment.Judge(rows);
            if (request.Json) foreach (var mark in marks) lines.Write(new { kind = "mark", seed, claim = mark.Claim, measured = mark.Measured, passed = mark.Passed });
            results.Add(new ExperimentResult(seed, rows, marks));
        }
        var means = experiment.JudgeMeans([.. results.Select(result => result.Rows)]);
        if (request.Json) foreach (var mark in means) lines.Write(new { kind = "mark", claim = mark.Claim, measured = mark.Measured, passed = mark.Passed });
        bool passed = results.SelectMany(result => result.Marks).Concat(means).All(mark => mark.Passed);
        var report = new ExperimentReport(experiment, device.Name, watch.Elapsed, results, means);
        if (request.Out is not null) AtomicFile.WriteText(request.Out, report.Markdown());
        if (request.Json) lines.Write(new { kind = "final", experiment = experiment.Name, seconds = watch.Elapsed.TotalSeconds, passed });
        else report.Print(Terminal.Console(output));
        return passed ? 0 : ClaimFailed;
    }

    private static int List(bool json, TextWriter output)
    {
        var lines = new JsonLines(output);
        foreach (var experiment in ExperimentRegistry.All)
        {
            if (json) lines.Write(new { kind = "experiment", name = experiment.Name, description = experiment.Description });
            else output.WriteLine($"{experiment.Name}  {experiment.Description}");
        }
        return 0;
    }

    private static ulong Seed(string text) => ulong.TryParse(text.Trim(), out ulong seed)
        ? seed
        : throw new ArgumentException($"--seeds: '{text}' is not a whole number from 0 on; expected for instance 0,1,2.");
}
