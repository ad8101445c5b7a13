using System.CommandLine;
using GpuNets.Models;
using Spectre.Console;

namespace GpuNets.Cli;

/// <summary><c>gpunets models</c>: what can be trained, with presets and their options.</summary>
internal static class ModelsCommand
{
    public static Command Create(TextWriter output)
    {
        var json = SharedOptions.Json();
        var name = new Argument<string?>("model") { Description = "Show the options of one model.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("models", "Lists the models that can be trained, or the options of one.") { name, json };
        command.SetAction(parsed =>
        {
            var recipes = parsed.GetValue(name) is { } wanted ? [ModelRegistry.Find(wanted)] : ModelRegistry.All;
            if (parsed.GetValue(json))
            {
                var lines = new JsonLines(output);
                foreach (var recipe in recipes)
                    lines.Write(new { kind = "model", name = recipe.Name, description = recipe.Description, presets = recipe.Presets });
                return;
            }
            var console = Terminal.Console(output);
            var table = new Table().Border(TableBorder.Simple).AddColumns("model", "presets", "what it is");
            foreach (var recipe in recipes)
                table.AddRow(recipe.Name, string.Join(", ", recipe.Presets), Markup.Escape(recipe.Description));
            console.Write(table);
            if (parsed.GetValue(name) is null) return;
            var options = new Table().Border(TableBorder.Simple).AddColumn("--set");
            foreach (string preset in recipes[0].Presets) options.AddColumn(preset);
            var columns = recipes[0].Presets.Select(preset => RunOptionsEditor.List(recipes[0].CreateOptions(preset)).Select(Split).ToArray()).ToArray();
            for (int row = 0; row < columns[0].Length; row++)
                options.AddRow([columns[0][row].Name, .. columns.Select(column => Markup.Escape(column.First(pair => pair.Name == columns[0][row].Name).Value))]);
            console.Write(options);
        });
        return command;
    }

    private static (string Name, string Value) Split(string assignment)
    {
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        return (assignment[..equals], assignment[(equals + 1)..]);
    }
}
