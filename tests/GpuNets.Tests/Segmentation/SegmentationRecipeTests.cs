using GpuNets.Models;
using GpuNets.Training;

namespace GpuNets.Tests.Segmentation;

/// <summary>The runs behind <c>gpunets train camvid</c> and <c>voc</c>: presets, stages, learning, exact resume, evaluation, figures.</summary>
public sealed class SegmentationRecipeTests
{
    public static TheoryData<string> Names => ["camvid", "voc"];

    [Theory(Timeout = 60_000), MemberData(nameof(Names))]
    public async Task Every_preset_makes_sense_and_survives_the_editor(string name)
    {
        await Task.Yield();
        var recipe = ModelRegistry.Find(name);
        foreach (string preset in recipe.Presets)
        {
            var options = (SegmentationOptions)recipe.CreateOptions(preset);
            options.Validate();
            var changed = (SegmentationOptions)RunOptionsEditor.Set(options, "frontStage.batchSize=3");
            Assert.Equal(options.FrontStage with { BatchSize = 3 }, changed.FrontStage);
            Assert.Equal(options.Context.Dilations, changed.Context.Dilations);
            Assert.Equal(options.Normalization.Mean, changed.Normalization.Mean);
            Assert.Equal(17, changed.WithSteps(17).Training.Steps);
        }
        Assert.Contains("quick", Assert.Throws<ArgumentException>(() => recipe.CreateOptions("fast")).Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 300_000)]
    public async Task Stages_follow_each_other_and_learn()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        PictureFolder.Write(folder.Path, 6);
        using var front = Open(lease.Device, Options(folder.Path));
        Assert.Equal(("front-end", 100L), (front.Stage, front.Training.Steps));
        Train(front);
        double learned = front.Evaluate()["mIoU"];
        Assert.True(learned > 75, $"front end {learned}");

        var context = front.Following!;
        Assert.Equal("context", context.Stage);
        Assert.Same(context, front.Following);
        // Identity: what the front end says, but for negative scores, which are cut.
        double before = context.Evaluate()["mIoU"];
        Assert.True(Math.Abs(before - learned) < 25, $"front end {learned}, context before training {before}");
        float[] frozen = context.SaveModel()["front.conv1_1.weight"].ToFloats();
        Train(context);
        Assert.Equal(frozen, context.SaveModel()["front.conv1_1.weight"].ToFloats());

        var joint = context.Following!;
        Assert.Equal("joint", joint.Stage);
        Assert.Equal(context.Evaluate(), joint.Evaluate());
        Train(joint);
        Assert.NotEqual(frozen, joint.SaveModel()["front.conv1_1.weight"].ToFloats());
        Assert.Null(joint.Following);
        var metrics = joint.Evaluate();
        Assert.Equal(["mIoU", "pixelAccuracy", "IoU.dark", "IoU.bright", "crf.mIoU", "crf.pixelAccuracy", "crf.IoU.dark", "crf.IoU.bright"], metrics.Keys);
        Assert.All(metrics.Values, value => Assert.InRange(value, 60, 100));
        Assert.All(joint.Plot(folder.File("plots")), file => Assert.True(new FileInfo(file).Length > 1000));
        // The first stage's files are enough for what follows.
        using var again = Open(lease.Device, Options(folder.Path));
        again.LoadModel(front.SaveModel());
        Assert.Equal(before, again.Following!.Evaluate()["mIoU"]);
    }

    [Theory(Timeout = 300_000), InlineData(false), InlineData(true)]
    public async Task Ten_updates_equal_five_saved_and_five_more(bool contextStage)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var folder = new TempFolder();
        PictureFolder.Write(folder.Path, 4);
        IModelRun Stage(IModelRun first) => contextStage ? first.Following! : first;
        using var a = Open(lease.Device, Options(folder.Path));
        var straight = Stage(a);
        for (int i = 0; i < 10; i++) straight.Step(i, report: i == 9);
        using var b = Open(lease.Device, Options(folder.Path));
        var half = Stage(b);
        for (int i = 0; i < 5; i++) half.Step(i, report: false);
        using var c = Open(lease.Device, Options(folder.Path));
        var rest = Stage(c);
        rest.Restore(half.SaveModel(), half.SaveOptimizer());
        for (int i = 5; i < 10; i++) rest.Step(i, report: false);
        foreach (var tensor in straight.SaveModel()) Assert.Equal(tensor.ToFloats(), rest.SaveModel()[tensor.Name].ToFloats());
    }

    [Fact(Timeout = 60_000)]
    public async Task Settings_that_make_no_sense_are_refused()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var good = SegmentationPresets.CamVidQuick;
        foreach (var (wrong, says) in new (SegmentationOptions, string)[]
        {
            (good with { FrontStage = good.FrontStage with { BatchSize = 0 } }, "FrontStage.BatchSize is 0"),
            (good with { JointStage = good.JointStage with { LearningRate = 0 } }, "JointStage.LearningRate is 0"),
            (good with { ContextStage = good.ContextStage with { Momentum = 1 } }, "ContextStage.Momentum is 1"),
            (good with { Data = good.Data with { TrainPictures = 0 } }, "TrainPictures (0)"),
            (good with { ReportPictures = 0 }, "ReportPictures is 0"),
            (good with { FrontStage = good.FrontStage with { Training = good.FrontStage.Training with { Steps = 0 } } }, "would never learn"),
            (good with { Front = good.Front with { Width = 0 } }, "Width is 0"),
        })
        {
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => ModelRegistry.Find("camvid").Open(lease.Device, wrong, 1)).Message, StringComparison.Ordinal);
        }
        var nowhere = good with { Data = good.Data with { Folder = "no such pictures" } };
        Assert.Contains(DataFolder.Variable, Assert.Throws<DirectoryNotFoundException>(() => ModelRegistry.Find("camvid").Open(lease.Device, nowhere, 1)).Message, StringComparison.Ordinal);
    }

    /// <summary>A narrow network and few updates on the pictures of a <see cref="PictureFolder"/>.</summary>
    internal static SegmentationOptions Options(string folder)
    {
        var few = SegmentationPresets.CamVidQuick;
        var every = new TrainerOptions { Steps = 100, ReportEvery = 10, CheckpointEvery = 10 };
        return few with
        {
            Data = new SegmentationDataOptions { Layout = SegmentationLayout.Folders, Folder = folder },
            Front = few.Front with { Width = 1 / 8.0, HiddenWidth = 16, Dropout = 0.1f },
            FrontStage = few.FrontStage with { Training = every, BatchSize = 3, LearningRate = 3e-3f, Warmup = 0 },
            ContextStage = few.ContextStage with { Training = every with { Steps = 10 }, BatchSize = 4 },
            JointStage = few.JointStage with { Training = every with { Steps = 4 }, BatchSize = 2 },
            Crf = new DenseCrfOptions { Iterations = 2 },
            ReportPictures = 2,
        };
    }

    private static IModelRun Open(Device device, SegmentationOptions options) => ModelRegistry.Find("camvid").Open(device, options, seed: 3);

    private static void Train(IModelRun run)
    {
        for (int i = 0; i < run.Training.Steps; i++) run.Step(i, report: false);
    }
}
