using Spectre.Console;

namespace GpuNets.Cli;

/// <summary>Consoles on the writers that a command was given.</summary>
internal static class Terminal
{
    public static IAnsiConsole Console(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        // A pipe has no width; tables must not be cut to Spectre's 80 columns there.
        if (System.Console.IsOutputRedirected) console.Profile.Width = 160;
        return console;
    }
}
