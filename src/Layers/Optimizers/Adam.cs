using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Adam (Kingma and Ba 2014, algorithm 1): steps by the bias-corrected mean gradient over the root of the mean square.</summary>
/// <param name="parameters">What to train.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="beta1">Decay of the mean.</param>
/// <param name="beta2">Decay of the mean square.</param>
/// <param name="epsilon">Added to the root.</param>
/// <param name="weightDecay">L2 penalty, added to the gradient.</param>
public class Adam(
    IReadOnlyList<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f,
    float weightDecay = 0f) : Optimizer(parameters, ["exp_avg", "exp_avg_sq"])
{
    /// <inheritdoc/>
    public override float LearningRate { get; set; } = learningRate;

    private protected override UpdateStep Next(long step) => new()
    {
        Rate = (float)(LearningRate / (1 - Math.Pow(beta1, step))),
        VarianceCorrection = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step))),
        Keep = 1f,
    };

    private protected override void Update(in UpdateStep step) => Launch(new AdamRule { Beta1 = beta1, Beta2 = beta2, Epsilon = epsilon, L2 = weightDecay }, step);
}
