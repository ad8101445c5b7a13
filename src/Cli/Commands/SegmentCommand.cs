using System.CommandLine;
using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Cli;

/// <summary><c>gpunets segment IMAGE... --model RUN --out DIR</c>: masks and overlays of pictures by a trained network.</summary>
internal static class SegmentCommand
{
    private sealed record Request(IReadOnlyList<string> Images, string Run, string Folder, string? Device, bool Crf, bool Probabilities, bool Json);

    public static Command Create(TextWriter output, TextWriter error)
    {
        var images = new Argument<string[]>("image") { Description = "JPEG or PNG pictures of any size.", Arity = ArgumentArity.OneOrMore };
        var model = new Option<string>("--model") { Description = "Folder of a run that was trained to segment.", Required = true };
        var folder = new Option<string>("--out") { Description = "Folder for NAME.png (labels in the palette) and NAME.overlay.png.", Required = true };
        var crf = new Option<bool>("--crf") { Description = "Sharpen the labels with the dense CRF of the run's options." };
        var probabilities = new Option<bool>("--probabilities") { Description = "Also write NAME.safetensors with the probabilities [classes, height, width]." };
        var device = SharedOptions.Device();
        var json = SharedOptions.Json();
        var command = new Command("segment", "Segments pictures with a trained network.") { images, model, folder, crf, probabilities, device, json };
        command.SetAction(parsed => Run(
            new Request(
                parsed.GetRequiredValue(images), parsed.GetRequiredValue(model), parsed.GetRequiredValue(folder), parsed.GetValue(device), parsed.GetValue(crf),
                parsed.GetValue(probabilities), parsed.GetValue(json)),
            output, error));
        return command;
    }

    private static int Run(Request request, TextWriter output, TextWriter error)
    {
        // Pictures of one name would overwrite each other's masks.
        if (request.Images.GroupBy(Path.GetFileNameWithoutExtension).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Count()} pictures are named {twice.Key}; give them one folder each.");
        using var interrupt = new Interrupt(error);
        using var device = Device.Open(request.Device);
        using var trained = TrainedRun.Open(request.Run, device);
        if (trained.Run is not ISegmenter segmenter) throw new ArgumentException($"{request.Run} is a run of {trained.Recipe.Name}, which does not segment pictures.");
        Directory.CreateDirectory(request.Folder);
        var lines = new JsonLines(output);
        foreach (string file in request.Images)
        {
            if (interrupt.Token.IsCancellationRequested) break;
            var image = RgbImage.Load(file);
            var prediction = segmenter.Predict(image);
            var labels = request.Crf ? segmenter.Sharpen(prediction, image) : prediction.Labels;
            string target = Path.Combine(request.Folder, Path.GetFileNameWithoutExtension(file));
            labels.Save($"{target}.png", segmenter.Palette);
            new Overlay { Clear = segmenter.ClassNames[0] == "background" ? 0 : null }.Draw(image, labels, segmenter.Palette).Save($"{target}.overlay.png");
            if (request.Probabilities) Save($"{target}.safetensors", prediction, image);
            Tell(request.Json ? lines : null, output, file, target, labels, segmenter.ClassNames);
        }
        return 0;
    }

    private static void Save(string path, SegmentationPrediction prediction, RgbImage image)
    {
        var state = new StateDict();
        state.Add(StateTensor.From("probabilities", [prediction.Probabilities.Classes, image.Height, image.Width], prediction.Probabilities.Upsample(image.Width, image.Height)));
        state.Save(path);
    }

    private static void Tell(JsonLines? lines, TextWriter output, string file, string target, LabelMap labels, IReadOnlyList<string> names)
    {
        var shares = labels.Labels.GroupBy(label => label).OrderByDescending(group => group.Count())
            .ToDictionary(group => names[group.Key], group => group.Count() / (double)labels.Labels.Length);
        if (lines is not null) lines.Write(new { kind = "segmentation", image = file, labels = $"{target}.png", overlay = $"{target}.overlay.png", shares });
        else output.WriteLine($"{target}.png  {string.Join(", ", shares.Select(pair => $"{pair.Key} {100 * pair.Value:0} %"))}");
    }
}
