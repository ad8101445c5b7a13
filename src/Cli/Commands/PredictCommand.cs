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
        var model = new Option<string>("--model") { Description = "Folder of a run that was trained on molecules.", Required = true };
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("predict", "Predicts properties of the molecules in a file, a line for each (exit code 1 when the model cannot take one).") { file, model, device, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetRequiredValue(model), parsed.GetValue(device), parsed.GetValue(json), output, error));
        return command;
    }

    private static int Run(string file, string path, string? deviceName, bool json, TextWriter output, TextWriter error)
    {
        var molecules = MoleculeFile.Read(file);
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(deviceName);
        using var trained = TrainedRun.Open(path, device);
        if (trained.Run is not IPropertyPredictor predictor) throw new ArgumentException($"{path} is a run of {trained.Recipe.Name}, which does not predict properties of molecules.");
        // A molecule that the model cannot take costs its own line, not those of the others.
        var taken = new List<int>();
        for (int i = 0; i < molecules.Count; i++)
        {
            if (predictor.Refuses(molecules[i]) is { } problem) error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"gpunets: {file}: molecule {i + 1} is left out: {problem}"));
            else taken.Add(i);
        }
        var found = predictor.Predict([.. taken.Select(i => molecules[i])], interrupt.Token);
        if (!json) output.WriteLine(string.Join('\t', ["molecule", "formula", .. predictor.Targets.Select(target => $"{target.Name} [{target.Unit}]")]));
        for (int k = 0; k < taken.Count; k++) Print(predictor.Targets, taken[k], molecules[taken[k]], found[k], json, output);
        return taken.Count < molecules.Count ? SomeMoleculesFailed : 0;
    }

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
