using System.CommandLine;
using System.Globalization;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary><c>gpunets predict FILE --model RUN</c>: predicts properties of the molecules in a file of SMILES, SDF, MOL or xyz, with units.</summary>
internal static class PredictCommand
{
    private const int SomeMoleculesFailed = 1;

    public static Command Create(TextWriter output, TextWriter error)
    {
        var file = new Argument<string>("file") { Description = $"Molecules: {string.Join(", ", MoleculeFile.Extensions)}, gzipped or not." };
        var model = new Option<string[]>("--model") { Description = "Folder of a run that was trained on molecules; of several runs (an ensemble) the mean.", Required = true };
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("predict", "Predicts properties of the molecules in a file, a line for each (exit code 1 when the model cannot take one).") { file, model, device, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(model), parsed.GetValue(device), parsed.GetValue(json), output, error));
        return command;
    }

    private static int Run(string file, string[] paths, string? deviceName, bool json, TextWriter output, TextWriter error)
    {
        var molecules = MoleculeFile.Read(file);
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(deviceName);
        double[][]? sums = null;
        IReadOnlyList<MoleculeTarget>? targets = null;
        bool[] left = new bool[molecules.Count];
        foreach (string path in paths)
        {
            using var trained = TrainedRun.Open(path, device);
            if (trained.Run is not IPropertyPredictor predictor) throw new ArgumentException($"{path} is a run of {trained.Recipe.Name}, which does not predict properties of molecules.");
            targets ??= predictor.Targets;
            if (!Names(targets).SequenceEqual(Names(predictor.Targets)))
                throw new ArgumentException($"{path} predicts {string.Join(", ", Names(predictor.Targets))}, but {paths[0]} predicts {string.Join(", ", Names(targets))}; a mean needs the same.");
            // A molecule that a model cannot take costs its own line, not those of the others.
            for (int i = 0; i < left.Length; i++)
            {
                if (left[i] || predictor.Refuses(molecules[i]) is not { } problem) continue;
                left[i] = true;
                error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gpunets: {file}: molecule {i + 1} is left out: {problem}"));
            }
            int[] taken = [.. Enumerable.Range(0, left.Length).Where(i => !left[i])];
            sums ??= new double[left.Length][];
            foreach (var (i, values) in taken.Zip(predictor.Predict([.. taken.Select(i => molecules[i])], interrupt.Token)))
                sums[i] = sums[i] is { } before ? [.. before.Zip(values, (a, b) => a + b)] : values;
        }
        if (!json) output.WriteLine(string.Join('\t', ["molecule", "formula", .. Names(targets!)]));
        for (int i = 0; i < left.Length; i++)
            if (!left[i]) Print(targets!, i, molecules[i], [.. sums![i].Select(sum => sum / paths.Length)], json, output);
        return left.Contains(true) ? SomeMoleculesFailed : 0;
    }

    private static IEnumerable<string> Names(IReadOnlyList<MoleculeTarget> targets) => targets.Select(target => $"{target.Name} [{target.Unit}]");

    private static void Print(IReadOnlyList<MoleculeTarget> targets, int index, Molecule molecule, double[] values, bool json, TextWriter output)
    {
        string name = molecule.Name.Length > 0 ? molecule.Name : (index + 1).ToString(CultureInfo.InvariantCulture);
        if (json)
        {
            new JsonLines(output).Write(new
            {
                kind = "prediction",
                molecule = name,
                formula = molecule.Formula,
                values = targets.Select((target, t) => new { target = target.Name, value = values[t], unit = target.Unit }),
            });
            return;
        }
        output.WriteLine(string.Join('\t', [name, molecule.Formula, .. values.Select(value => value.ToString("G6", CultureInfo.InvariantCulture))]));
    }
}
