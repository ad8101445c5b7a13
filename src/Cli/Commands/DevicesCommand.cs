using System.CommandLine;
using Spectre.Console;

namespace GpuNets.Cli;

/// <summary><c>gpunets devices</c>: what can run kernels here, and why the rest cannot.</summary>
internal static class DevicesCommand
{
    public static Command Create(TextWriter output)
    {
        var json = SharedOptions.Json();
        var command = new Command("devices", "Lists the devices of this machine.") { json };
        command.SetAction(parsed =>
        {
            var devices = Device.List();
            if (parsed.GetValue(json))
            {
                var lines = new JsonLines(output);
                foreach (var device in devices)
                    lines.Write(new { kind = "device", id = device.Id, name = device.Name, memoryBytes = device.MemoryBytes, units = device.Units, usable = device.IsUsable, rejection = device.Rejection });
                return;
            }
            var table = new Table().Border(TableBorder.Simple).AddColumns("device", "name", "memory", "units", "state");
            foreach (var device in devices)
            {
                table.AddRow(
                    device.Id, Markup.Escape(device.Name), $"{device.MemoryBytes / 1073741824.0:0.0} GiB", $"{device.Units}",
                    Markup.Escape(device.Rejection ?? "ready"));
            }
            Terminal.Console(output).Write(table);
        });
        return command;
    }
}
