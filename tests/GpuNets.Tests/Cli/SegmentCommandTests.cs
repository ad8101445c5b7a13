using System.Text.Json;
using GpuNets.Tests.Segmentation;
using GpuNets.Training;
using static GpuNets.Tests.Cli.CommandRun;

namespace GpuNets.Tests.Cli;

/// <summary><c>gpunets train</c> in stages, <c>eval</c> of the last one and <c>segment</c> with it.</summary>
public sealed class SegmentCommandTests
{
    [Fact(Timeout = 300_000)]
    public async Task A_network_trained_in_stages_segments_pictures_of_any_size()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        PictureFolder.Write(folder.Path, 4);
        string run = folder.File("run"), masks = folder.File("masks");
        string[] common = ["--device", TestDevices.Name, "--json"];
        string[] small =
        [
            "--set", "Data.Layout=Folders", "--set", $"Data.Folder={folder.Path}", "--set", "Front.Width=0.0625", "--set", "Front.HiddenWidth=16",
            "--set", "FrontStage.BatchSize=2", "--set", "ContextStage.Training.Steps=3", "--set", "JointStage.Training.Steps=0", "--set", "ReportPictures=1",
        ];
        var trained = Run(["train", "camvid", "--steps", "4", "--out", run, .. small, .. common]);
        Assert.Equal("", trained.Error);
        var final = Parse(trained.Output)[^1].GetProperty("metrics");
        Assert.True(final.TryGetProperty("mIoU", out _) && final.TryGetProperty("context.mIoU", out var context) && context.GetDouble() > 0);
        // The whole run is its last stage.
        var evaluated = Parse(Run(["eval", run, .. common]).Output)[^1].GetProperty("metrics");
        Assert.Equal(final.GetProperty("context.mIoU").GetDouble(), evaluated.GetProperty("mIoU").GetDouble());
        Assert.Equal(evaluated.ToString(), Parse(Run(["eval", Path.Combine(run, "context"), .. common]).Output)[^1].GetProperty("metrics").ToString());

        var odd = new RgbImage(33, 17);
        odd.Save(folder.File("odd.png"));
        var segmented = Run(["segment", PictureFolder.Picture(folder.Path, "val", 0), folder.File("odd.png"), "--model", run, "--out", masks, "--crf", "--probabilities", .. common]);
        Assert.Equal("", segmented.Error);
        Assert.Equal(0, segmented.Code);
        Assert.Equal(2, Parse(segmented.Output).Count);
        foreach (var (name, width, height) in new[] { ("000", PictureFolder.Width, PictureFolder.Height), ("odd", 33, 17) })
        {
            var labels = LabelMap.Load(Path.Combine(masks, $"{name}.png"));
            Assert.Equal((width, height), (labels.Width, labels.Height));
            Assert.All(labels.Labels, label => Assert.InRange(label, 0, 1));
            Assert.Equal((width, height), (RgbImage.Load(Path.Combine(masks, $"{name}.overlay.png")).Width, RgbImage.Load(Path.Combine(masks, $"{name}.overlay.png")).Height));
            var probabilities = StateDict.Load(Path.Combine(masks, $"{name}.safetensors"))["probabilities"];
            Assert.Equal([2L, height, width], probabilities.Shape);
            float[] values = probabilities.ToFloats();
            for (int i = 0; i < width * height; i++) Assert.Equal(1f, values[i] + values[width * height + i], 1e-4f);
        }
    }

    [Fact(Timeout = 120_000)]
    public async Task What_cannot_be_segmented_is_told()
    {
        await Task.Yield();
        using var folder = new TempFolder();
        string run = folder.File("run");
        Assert.Equal(0, Run("train", "ntm-copy", "--steps", "1", "--no-baseline", "--out", run, "--device", TestDevices.Name, "--json").Code);
        File.WriteAllText(folder.File("a.png"), "no picture");
        Assert.Contains("ntm-copy, which does not segment", Run("segment", folder.File("a.png"), "--model", run, "--out", folder.Path, "--device", TestDevices.Name).Error, StringComparison.Ordinal);
        Assert.Contains("named a", Run("segment", "a.png", "other/a.jpg", "--model", run, "--out", folder.Path).Error, StringComparison.Ordinal);
        Assert.Contains("--model", Run("segment", "a.png").Error, StringComparison.Ordinal);
    }

    private static List<JsonElement> Parse(string output) =>
        [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
}
