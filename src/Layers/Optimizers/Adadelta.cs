using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Adadelta (Zeiler 2012, algorithm 1): steps in units of the parameters, by the ratio of running root mean squares.</summary>
/// <param name="parameters">What to train.</param>
/// <param name="learningRate">Factor on the step; 1 in the paper.</param>
/// <param name="rho">Decay of the mean squares.</param>
/// <param name="epsilon">Added under both roots.</param>
/// <param name="weightDecay">L2 penalty, added to the gradient.</param>
public sealed class Adadelta(
    IReadOnlyList<Parameter> parameters, float learningRate = 1f, float rho = 0.95f, float epsilon = 1e-6f, float weightDecay = 0f)
    : Optimizer(parameters, ["square_avg", "acc_delta"])
{
    /// <inheritdoc/>
    public override float LearningRate { get; set; } = learningRate;

    private protected override void Update(in UpdateStep step) =>
        Launch(new AdadeltaRule { Rho = rho, Epsilon = epsilon, L2 = weightDecay }, step);
}
