using GpuNets.Cli;

namespace GpuNets.Tests.Cli;

/// <summary>Runs the command line in this process; for <c>using static</c>.</summary>
internal static class CommandRun
{
    public static (int Code, string Output, string Error) Run(params string[] args) => Run("", args);

    /// <param name="input">What the command reads from the standard input.</param>
    /// <param name="args">As typed, one by one.</param>
    public static (int Code, string Output, string Error) Run(string input, string[] args)
    {
        using var reader = new StringReader(input);
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        int code = CommandLine.Run(args, output, error, reader);
        return (code, output.ToString(), error.ToString());
    }
}
