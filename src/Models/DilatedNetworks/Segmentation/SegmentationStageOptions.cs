using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>How one stage of a segmentation network is trained: the front end, the context module on top of it, or both.</summary>
public sealed record SegmentationStageOptions
{
    /// <summary>Updates, reports and checkpoints; no updates leave the stage out.</summary>
    public TrainerOptions Training { get; init; } = new();

    /// <summary>Pictures per update.</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Cells of the random crops along an axis; null for whole pictures, which must have one size.</summary>
    public int? CropCells { get; init; }

    /// <summary>What updates the parameters.</summary>
    public SegmentationOptimizer Optimizer { get; init; } = SegmentationOptimizer.Sgd;

    /// <summary>Step size at the start.</summary>
    public float LearningRate { get; init; } = 1e-3f;

    /// <summary>Whether the step size falls to 0 along a half cosine; else it stays.</summary>
    public bool CosineDecay { get; init; }

    /// <summary>Updates over which the step size rises from 0 at first.</summary>
    public int Warmup { get; init; }

    /// <summary>Momentum of SGD.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>Weight decay; biases have none.</summary>
    public float WeightDecay { get; init; } = 5e-4f;

    /// <summary>The gradient is scaled down to this norm; null for no limit.</summary>
    public float? ClipNorm { get; init; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <param name="stage">What the messages call the stage.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate(string stage)
    {
        Training.Validate();
        if (BatchSize < 1) throw new ArgumentException($"{stage}.BatchSize is {BatchSize} but must be at least 1.");
        if (CropCells < 1) throw new ArgumentException($"{stage}.CropCells is {CropCells} but must be at least 1, or null for whole pictures.");
        if (!(LearningRate > 0)) throw new ArgumentException($"{stage}.LearningRate is {LearningRate} but must be above 0.");
        if (!(Momentum is >= 0 and < 1)) throw new ArgumentException($"{stage}.Momentum is {Momentum} but must be at least 0 and below 1.");
        if (!(WeightDecay >= 0) || Warmup < 0) throw new ArgumentException($"{stage}: WeightDecay ({WeightDecay}) and Warmup ({Warmup}) must be 0 or more.");
        if (ClipNorm is not null and not > 0) throw new ArgumentException($"{stage}.ClipNorm is {ClipNorm} but must be above 0, or null for none.");
        if (!Enum.IsDefined(Optimizer)) throw new ArgumentException($"{stage}.Optimizer is none of its values.");
    }

    /// <summary>The optimiser of a network's trainable parameters.</summary>
    internal Optimizer Create(IReadOnlyList<Parameter> parameters)
    {
        Optimizer optimizer = Optimizer == SegmentationOptimizer.Sgd
            ? new Sgd(parameters, LearningRate, Momentum, weightDecay: WeightDecay)
            : new AdamW(parameters, LearningRate, weightDecay: WeightDecay);
        var biases = parameters.Where(parameter => parameter.Shape.Rank == 1);
        optimizer.Multiply(biases, learningRate: Optimizer == SegmentationOptimizer.Sgd ? 2f : 1f, weightDecay: 0f);
        optimizer.ClipNorm = ClipNorm ?? float.PositiveInfinity;
        var decay = CosineDecay ? Schedules.Cosine(LearningRate, Math.Max(1, Training.Steps - Warmup)) : Schedules.Constant(LearningRate);
        optimizer.Schedule = Warmup > 0 ? Schedules.Warmup(LearningRate, Warmup, decay) : decay;
        return optimizer;
    }
}
