using System.CommandLine;
using System.Text.Json;

namespace GpuNets.Cli;

/// <summary>The command line: parses, runs, and turns what a user can get wrong into one line on stderr and exit code 2.</summary>
internal static class CommandLine
{
    public const int UserError = 2;

    public static int Run(string[] args, TextWriter output, TextWriter error, TextReader? input = null)
    {
        var root = new RootCommand("Neural networks on any GPU, from C# kernels: trains and evaluates the models of GpuNets.")
        {
            DevicesCommand.Create(output),
            ModelsCommand.Create(output),
            TrainCommand.Create(output, error),
            EvalCommand.Create(output, error),
            ExperimentCommand.Create(output, error),
            SegmentCommand.Create(output, error),
            AverageCommand.Create(output),
            TranslateCommand.Create(input ?? Console.In, output, error),
            PredictCommand.Create(output, error),
            InfoCommand.Create(output),
        };
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0) return Fail(error, Explain(parsed));
        try
        {
            return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
        }
        catch (Exception problem) when (IsUserError(problem))
        {
            return Fail(error, OneLine(problem.Message));
        }
    }

    private static int Fail(TextWriter error, string message)
    {
        error.WriteLine($"gpunets: {message}");
        return UserError;
    }

    /// <summary>Errors that the user can mend: bad options, devices, files. Anything else is a defect and shows its trace.</summary>
    private static bool IsUserError(Exception problem) =>
        problem is GpuNetsException or ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException or JsonException;

    /// <summary>The first error, but a word that nobody knows before what is missing because of it.</summary>
    private static string Explain(ParseResult parsed)
    {
        var messages = parsed.Errors.Select(problem => OneLine(problem.Message)).ToArray();
        if (messages.FirstOrDefault(message => message.StartsWith("Unrecognized", StringComparison.Ordinal)) is not { } unknown) return messages[0];
        var command = parsed.CommandResult.Command;
        var names = command.Subcommands.Select(sub => sub.Name).Concat(command.Options.Select(option => option.Name));
        return $"{unknown} {(command is RootCommand ? "gpunets" : command.Name)} takes {string.Join(", ", names)}.";
    }

    private static string OneLine(string text)
    {
        // ArgumentException appends "(Parameter 'x')", a word for programmers.
        int parameter = text.LastIndexOf(" (Parameter '", StringComparison.Ordinal);
        if (parameter > 0) text = text[..parameter];
        return string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
