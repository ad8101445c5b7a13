using System.Text.Json.Serialization;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// A segmentation network and its training in up to three stages: the front end, the context module on the front end's score maps, both
/// together (Yu and Koltun 2016, arXiv 1511.07122, section 5 and appendix A). The defaults are the quick preset for CamVid.
/// </summary>
public sealed record SegmentationOptions : IRunOptions
{
    /// <summary>The pictures.</summary>
    public SegmentationDataOptions Data { get; init; } = new();

    /// <summary>How pixels become inputs.</summary>
    public ImageNormalization Normalization { get; init; } = ImageNormalization.CamVid;

    /// <summary>The front end; its classes are those of the data.</summary>
    public VggFrontEndOptions Front { get; init; } = new() { Width = 0.25, HiddenWidth = 256, InnerPadding = true, Dropout = 0.2f };

    /// <summary>The context module; its classes are those of the data.</summary>
    public ContextOptions Context { get; init; } = new();

    /// <summary>Weights of the front end before training: a safetensors file with torchvision's names or those of the released networks; null for none.</summary>
    public string? FrontWeights { get; init; }

    /// <summary>First stage: the front end alone.</summary>
    public SegmentationStageOptions FrontStage { get; init; } = new()
    {
        Training = new TrainerOptions { Steps = 1_500, ReportEvery = 50, CheckpointEvery = 500 },
        Optimizer = SegmentationOptimizer.AdamW,
        CosineDecay = true,
        Warmup = 50,
        WeightDecay = 0.01f,
        ClipNorm = 1,
    };

    /// <summary>
    /// Second stage: the context module on the front end, which stays as it is. Without crops the front end's score maps of all pictures are
    /// computed once and kept; the pictures must then have one size.
    /// </summary>
    public SegmentationStageOptions ContextStage { get; init; } = new()
    {
        Training = new TrainerOptions { Steps = 1_500, ReportEvery = 100, CheckpointEvery = 500 },
        BatchSize = 16,
        Optimizer = SegmentationOptimizer.AdamW,
        LearningRate = 2e-4f,
        CosineDecay = true,
        WeightDecay = 0.01f,
    };

    /// <summary>Third stage: both.</summary>
    public SegmentationStageOptions JointStage { get; init; } = new()
    {
        Training = new TrainerOptions { Steps = 500, ReportEvery = 50, CheckpointEvery = 250 },
        Optimizer = SegmentationOptimizer.AdamW,
        LearningRate = 1e-4f,
        WeightDecay = 0.01f,
        ClipNorm = 1,
    };

    /// <summary>The dense CRF that an evaluation applies besides; null for none.</summary>
    /// <remarks>The default suits pictures of some 200 pixels; find deviations and weights for others on a validation set, as the paper did.</remarks>
    public DenseCrfOptions? Crf { get; init; } = new()
    {
        BilateralWeight = 4,
        SpatialWeight = 2,
        Kernels = new CrfKernels { ThetaAlpha = 10, ThetaBeta = 8, ThetaGamma = 1.5f },
    };

    /// <summary>Width and height of the inputs of a whole picture's prediction, margins included; null: each picture in one piece.</summary>
    public int? Tile { get; init; }

    /// <summary>Pictures that a report is judged on.</summary>
    public int ReportPictures { get; init; } = 16;

    /// <inheritdoc/>
    [JsonIgnore]
    public TrainerOptions Training => FrontStage.Training;

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { FrontStage = FrontStage with { Training = FrontStage.Training with { Steps = steps } } };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate()
    {
        Data.Validate();
        Front.Validate();
        Context.Validate();
        FrontStage.Validate(nameof(FrontStage));
        ContextStage.Validate(nameof(ContextStage));
        JointStage.Validate(nameof(JointStage));
        if (ReportPictures < 1) throw new ArgumentException($"ReportPictures is {ReportPictures} but must be at least 1.");
        if (FrontStage.Training.Steps == 0 && FrontWeights is null)
            throw new ArgumentException("FrontStage.Training.Steps is 0 without FrontWeights: the front end would never learn anything.");
    }

    /// <summary>The network of a stage.</summary>
    internal DilatedNetworkOptions Network(SegmentationStage stage, int classes) => new()
    {
        Front = Front with { Classes = classes, Input = Normalization.Bgr ? ChannelOrder.Bgr : ChannelOrder.Rgb },
        Context = stage == SegmentationStage.FrontEnd ? null : Context with { Classes = classes },
        FreezeFrontEnd = stage == SegmentationStage.Context,
    };

    /// <summary>The settings of a stage's training.</summary>
    internal SegmentationStageOptions Of(SegmentationStage stage) => stage switch
    {
        SegmentationStage.FrontEnd => FrontStage,
        SegmentationStage.Context => ContextStage,
        _ => JointStage,
    };
}
