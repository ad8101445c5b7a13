using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Adamax (Kingma and Ba 2014, section 7.1): Adam with the decayed maximum of |g| in place of the root mean square.</summary>
/// <param name="parameters">What to train.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="beta1">Decay of the mean.</param>
/// <param name="beta2">Decay of the maximum.</param>
/// <param name="epsilon">Added to |g|.</param>
/// <param name="weightDecay">L2 penalty, added to the gradient.</param>
public sealed class Adamax(
    IReadOnlyList<Parameter> parameters, float learningRate = 2e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f,
    float weightDecay = 0f) : Optimizer(parameters, ["exp_avg", "exp_inf"])
{
    /// <inheritdoc/>
    public override float LearningRate { get; set; } = learningRate;

    private protected override UpdateStep Next(long step) => new() { Rate = (float)(LearningRate / (1 - Math.Pow(beta1, step))) };

    private protected override void Update(in UpdateStep step) =>
        Launch(new AdamaxRule { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, L2 = weightDecay }, step);
}
