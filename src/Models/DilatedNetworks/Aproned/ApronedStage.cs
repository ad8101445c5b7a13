namespace GpuNets.Models;

/// <summary>How a stage of the aproned objects is trained: SGD with momentum on shuffled batches.</summary>
public sealed record ApronedStage
{
    /// <summary>Images per update.</summary>
    public int BatchSize { get; init; } = 16;

    /// <summary>Step size.</summary>
    public float LearningRate { get; init; } = 0.05f;

    /// <summary>Decay of the velocity.</summary>
    public float Momentum { get; init; } = 0.9f;

    /// <summary>L2 penalty on weights; biases have none.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Refuses settings that make no sense.</summary>
    /// <param name="name">What the stage is called in messages.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public void Validate(string name)
    {
        if (BatchSize < 1) throw new ArgumentException($"{name}.BatchSize is {BatchSize} but must be at least 1.");
        if (!(LearningRate > 0)) throw new ArgumentException($"{name}.LearningRate is {LearningRate} but must be above 0.");
        if (!(Momentum >= 0 && Momentum < 1)) throw new ArgumentException($"{name}.Momentum is {Momentum} but must be at least 0 and below 1.");
        if (!(WeightDecay >= 0)) throw new ArgumentException($"{name}.WeightDecay is {WeightDecay} but must be 0 or more.");
    }

    /// <summary>The optimiser of a stage.</summary>
    internal Sgd Optimizer(IReadOnlyList<Parameter> parameters)
    {
        var sgd = new Sgd(parameters, LearningRate, Momentum, weightDecay: WeightDecay);
        sgd.Multiply(parameters.Where(parameter => parameter.Path.EndsWith("bias", StringComparison.Ordinal)), weightDecay: 0f);
        return sgd;
    }

    /// <summary>One update.</summary>
    /// <param name="optimizer">What updates the parameters.</param>
    /// <param name="scores">Makes the logits [N, classes, height, width] from which the loss is computed.</param>
    /// <param name="labels">Makes the labels [N, height, width].</param>
    /// <param name="report">Whether the loss is wanted; NaN else.</param>
    internal static double Update(Optimizer optimizer, Func<Tensor> scores, Func<IndexTensor> labels, bool report)
    {
        using var tape = optimizer.Device.Record();
        var loss = scores().CrossEntropy(labels(), axis: 1);
        tape.Backward(loss);
        optimizer.Step();
        return report ? loss.Item() : double.NaN;
    }
}
