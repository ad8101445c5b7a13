using System.CommandLine;
using GpuNets.Training;
using Spectre.Console;

namespace GpuNets.Cli;

/// <summary><c>gpunets info FILE</c>: the tensors of a safetensors or npz file, or what a run folder holds.</summary>
internal static class InfoCommand
{
    private sealed record Entry(string Name, string Type, IReadOnlyList<long> Shape);

    public static Command Create(TextWriter output)
    {
        var file = new Argument<string>("file") { Description = "A .safetensors or .npz file, or a run folder." };
        var json = SharedOptions.Json();
        var command = new Command("info", "Shows what a checkpoint file or run folder holds.") { file, json };
        command.SetAction(parsed =>
        {
            string path = parsed.GetRequiredValue(file);
            var (entries, notes) = Directory.Exists(path) ? ReadRun(path) : ReadFile(path);
            Print(output, parsed.GetValue(json), path, entries, notes);
        });
        return command;
    }

    private static (List<Entry> Entries, Dictionary<string, string> Notes) ReadRun(string path)
    {
        var folder = RunFolder.Open(path);
        var settings = folder.ReadOptions<RunSettings>();
        var notes = new Dictionary<string, string> { ["model"] = settings.Model, ["seed"] = $"{settings.Seed}", ["options"] = settings.Options.ToString() };
        var checkpoint = new CheckpointFolder(folder.CheckpointsFolder).LoadLatest();
        if (checkpoint is null) return ([], notes);
        notes["step"] = $"{checkpoint.Run.Step}";
        notes["checkpoint"] = checkpoint.Folder ?? "";
        return ([.. checkpoint.Model.Select(tensor => new Entry(tensor.Name, $"{tensor.Type}", tensor.Shape))], notes);
    }

    private static (List<Entry> Entries, Dictionary<string, string> Notes) ReadFile(string path)
    {
        if (!File.Exists(path)) throw new FileNotFoundException($"there is no file or folder {path}.");
        if (path.EndsWith(".npz", StringComparison.OrdinalIgnoreCase))
        {
            using var npz = new NpzFile(path);
            return ([.. npz.Names.Select(name => npz[name]).Select(array => new Entry(array.Name, $"{array.Type}", [.. array.Shape.Select(size => (long)size)]))], []);
        }
        using var reader = new SafetensorsReader(path);
        return ([.. reader.Entries.Select(entry => new Entry(entry.Name, $"{entry.Type}", entry.Shape))], new(reader.Metadata));
    }

    private static void Print(TextWriter output, bool json, string path, List<Entry> entries, Dictionary<string, string> notes)
    {
        long values = entries.Sum(entry => entry.Shape.Aggregate(1L, (product, size) => product * size));
        if (json)
        {
            var lines = new JsonLines(output);
            foreach (var entry in entries) lines.Write(new { kind = "tensor", name = entry.Name, type = entry.Type, shape = entry.Shape });
            lines.Write(new { kind = "file", path, tensors = entries.Count, values, notes });
            return;
        }
        var console = Terminal.Console(output);
        var table = new Table().Border(TableBorder.Simple).AddColumns("tensor", "type", "shape");
        foreach (var entry in entries) table.AddRow(Markup.Escape(entry.Name), entry.Type, Markup.Escape($"[{string.Join(", ", entry.Shape)}]"));
        if (entries.Count > 0) console.Write(table);
        foreach (var (name, text) in notes) output.WriteLine($"{name}: {text}");
        output.WriteLine($"{entries.Count} tensors, {values:N0} values");
    }
}
