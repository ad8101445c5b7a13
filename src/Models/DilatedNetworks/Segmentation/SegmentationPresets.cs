using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Settings of the recipes <c>camvid</c> and <c>voc</c>.</summary>
public static class SegmentationPresets
{
    /// <summary>
    /// CamVid at 240 x 180 from scratch: a front end of a quarter of VGG-16's width with inner padding, so that a picture needs no margins,
    /// then the Basic context module, then both. For two cores.
    /// </summary>
    public static SegmentationOptions CamVidQuick => new();

    /// <summary>The same with the Large context module.</summary>
    public static SegmentationOptions CamVidLarge => new() { Context = new ContextOptions { Kind = ContextKind.Large } };

    /// <summary>What the experiment <c>camvid-context</c> trains: three seeds take about an hour on two idle cores. Judged on the validation pictures.</summary>
    public static SegmentationOptions CamVidExperiment => CamVidQuick with
    {
        FrontStage = CamVidQuick.FrontStage with { Training = CamVidQuick.FrontStage.Training with { Steps = 800 } },
        ContextStage = CamVidQuick.ContextStage with { Training = CamVidQuick.ContextStage.Training with { Steps = 300 } },
        JointStage = CamVidQuick.JointStage with { Training = CamVidQuick.JointStage.Training with { Steps = 200 }, CosineDecay = true },
    };

    /// <summary>
    /// Appendix A: the whole front end from ImageNet weights (set FrontWeights) on crops of 628 pixels of SegNet's copy of CamVid, then both
    /// parts on crops of 852.
    /// </summary>
    public static SegmentationOptions CamVidPaper => new()
    {
        Data = new SegmentationDataOptions { Layout = SegmentationLayout.CamVid, Folder = "CamVid", EvaluationSplit = "test" },
        Front = new VggFrontEndOptions(),
        FrontStage = Paper(20_000, batch: 8, cells: 32, rate: 1e-4f, momentum: 0.99f),
        ContextStage = Paper(0, batch: 1, cells: null, rate: 1e-4f, momentum: 0.9f),
        JointStage = Paper(10_000, batch: 1, cells: 60, rate: 1e-5f, momentum: 0.9f),
        Tile = 900,
    };

    /// <summary>Animals of VOC 2012 at 160 x 160 from scratch, as <see cref="CamVidQuick"/>.</summary>
    public static SegmentationOptions VocQuick => new()
    {
        Data = new SegmentationDataOptions { Layout = SegmentationLayout.VocIdx, Folder = "voc12_animals_160" },
        Normalization = ImageNormalization.Voc,
    };

    /// <summary>A handful of VOC pictures, learned by heart: shows that the whole chain works.</summary>
    public static SegmentationOptions VocOverfit => VocQuick with
    {
        Data = VocQuick.Data with { TrainPictures = 8, EvaluationSplit = "train", EvaluationPictures = 8 },
        Front = VocQuick.Front with { Dropout = 0 },
        FrontStage = VocQuick.FrontStage with { Training = new TrainerOptions { Steps = 600, ReportEvery = 50, CheckpointEvery = 0 }, WeightDecay = 0 },
        ContextStage = VocQuick.ContextStage with { Training = new TrainerOptions { Steps = 300, ReportEvery = 100, CheckpointEvery = 0 }, BatchSize = 8, WeightDecay = 0 },
        JointStage = VocQuick.JointStage with { Training = new TrainerOptions { Steps = 200, ReportEvery = 50, CheckpointEvery = 0 }, WeightDecay = 0 },
        ReportPictures = 8,
    };

    /// <summary>
    /// Table 2: the whole front end from ImageNet weights (set FrontWeights) on crops of 500 pixels, then the Large context module on a
    /// front end that stays as it is; the paper found no gain in training both.
    /// </summary>
    public static SegmentationOptions VocPaper => new()
    {
        Data = new SegmentationDataOptions { Layout = SegmentationLayout.Voc, Folder = "VOCdevkit/VOC2012" },
        Normalization = ImageNormalization.Voc,
        Front = new VggFrontEndOptions(),
        Context = new ContextOptions { Kind = ContextKind.Large, Padding = ContextPadding.InputZeros },
        FrontStage = Paper(60_000, batch: 14, cells: 16, rate: 1e-3f, momentum: 0.9f),
        ContextStage = Paper(20_000, batch: 60, cells: 66, rate: 1e-3f, momentum: 0.9f),
        JointStage = Paper(0, batch: 1, cells: 66, rate: 1e-5f, momentum: 0.9f),
        Tile = 900,
    };

    private static SegmentationStageOptions Paper(long steps, int batch, int? cells, float rate, float momentum) => new()
    {
        Training = new TrainerOptions { Steps = steps, ReportEvery = 100, CheckpointEvery = 2_000 },
        BatchSize = batch,
        CropCells = cells,
        LearningRate = rate,
        Momentum = momentum,
    };
}
