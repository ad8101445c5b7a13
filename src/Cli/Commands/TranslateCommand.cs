using System.CommandLine;
using System.Globalization;
using GpuNets.Models;

namespace GpuNets.Cli;

/// <summary><c>gpunets translate --model RUN</c>: translates or parses lines from the standard input, one by one at a prompt or many at once from a file.</summary>
internal static class TranslateCommand
{
    private const int SomeLinesFailed = 1;

    private sealed record Request(string Run, string? Device, int? Beam, double? LengthPenalty, DecodingOptions Decoding, bool Json)
    {
        /// <summary>What was asked for, and else the search that the run was evaluated with.</summary>
        public DecodingOptions Over(DecodingOptions run) => Decoding with
        {
            // A beam that is not asked for gives way to the answers that are.
            Beam = Beam ?? Math.Max(run.Beam, Decoding.Best),
            LengthPenalty = LengthPenalty ?? run.LengthPenalty,
            MaxExtraLength = run.MaxExtraLength,
        };
    }

    public static Command Create(TextReader input, TextWriter output, TextWriter error)
    {
        var defaults = new DecodingOptions();
        var model = new Option<string>("--model") { Description = "Folder of a run that was trained to translate or to parse.", Required = true };
        var device = SharedOptions.Device();
        var beam = new Option<int?>("--beam") { Description = "Hypotheses that go on in parallel; 1 is greedy. Without it, the run's Decoding.Beam." };
        var penalty = new Option<double?>("--length-penalty") { Description = "alpha of the length penalty. Without it, the run's Decoding.LengthPenalty." };
        var best = new Option<int>("--best") { Description = "Translations of a line, with their scores when more than 1.", DefaultValueFactory = _ => defaults.Best };
        var batch = new Option<int>("--batch") { Description = "Lines that are read ahead and translated together; 1 answers each line at once.", DefaultValueFactory = _ => defaults.MaxSentences };
        var json = SharedOptions.Json();
        var command = new Command("translate", "Translates lines from the standard input with a trained model, or parses them: a tree a line.") { model, device, beam, penalty, best, batch, json };
        command.SetAction(parsed => Run(
            new Request(
                parsed.GetRequiredValue(model), parsed.GetValue(device), parsed.GetValue(beam), parsed.GetValue(penalty),
                new DecodingOptions { Best = parsed.GetValue(best), MaxSentences = parsed.GetValue(batch) }, parsed.GetValue(json)),
            input, output, error));
        return command;
    }

    private static int Run(Request request, TextReader input, TextWriter output, TextWriter error)
    {
        request.Over(new DecodingOptions()).Validate();
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(request.Device);
        using var trained = TrainedRun.Open(request.Run, device);
        if (trained.Run is not ITranslator translator) throw new ArgumentException($"{request.Run} is a run of {trained.Recipe.Name}, which does not translate.");
        var decoding = request.Over(translator.Decoding);
        bool prompts = ReferenceEquals(input, Console.In) && !Console.IsInputRedirected;
        int size = prompts ? 1 : request.Decoding.MaxSentences;
        bool failed = false;
        long first = 0;
        while (!interrupt.Token.IsCancellationRequested)
        {
            if (prompts) error.Write("> ");
            var lines = new List<string>();
            while (lines.Count < size && input.ReadLine() is { } line) lines.Add(line);
            if (lines.Count == 0) break;
            foreach (var (line, translations) in lines.Zip(Translate(lines)))
                Print(request, output, line, translations);
            output.Flush();
            first += lines.Count;
        }
        return failed ? SomeLinesFailed : 0;

        // A line that is too long costs its translation, not those of the others.
        IReadOnlyList<IReadOnlyList<Translation>> Translate(List<string> lines)
        {
            string[] rest = [.. lines];
            while (true)
            {
                try { return translator.Translate(rest, decoding, interrupt.Token); }
                catch (LineTooLongException e)
                {
                    error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gpunets: input line {first + e.Line + 1} is left out: {e.Message}"));
                    (failed, rest[e.Line]) = (true, "");
                }
            }
        }
    }

    private static void Print(Request request, TextWriter output, string line, IReadOnlyList<Translation> translations)
    {
        if (request.Json)
            new JsonLines(output).Write(new { kind = "translation", source = line, translations = translations.Select(one => new { text = one.Text, score = one.Score, logProbability = one.LogProbability }) });
        else if (request.Decoding.Best == 1) output.WriteLine(translations[0].Text);
        else foreach (var one in translations) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Score:0.000}\t{one.Text}"));
    }
}
