using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Stochastic gradient descent with optional momentum: d = g + weightDecay p; m = momentum m + (1 - dampening) d; p -= lr m, or with
/// Nesterov's momentum p -= lr (d + momentum m).
/// </summary>
/// <param name="parameters">What to train.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="momentum">Decay of the velocity; 0 keeps no state.</param>
/// <param name="nesterov">Look ahead along the velocity; needs momentum and no dampening.</param>
/// <param name="weightDecay">L2 penalty, added to the gradient.</param>
/// <param name="dampening">Share of the gradient that does not enter the velocity.</param>
public sealed class Sgd(
    IReadOnlyList<Parameter> parameters, float learningRate, float momentum = 0f, bool nesterov = false, float weightDecay = 0f, float dampening = 0f)
    : Optimizer(parameters, momentum == 0f ? [] : ["momentum_buffer"])
{
    private readonly float _undamped = nesterov && (momentum <= 0f || dampening != 0f)
        ? throw new ArgumentException("Sgd: Nesterov's momentum needs a momentum above 0 and no dampening.", nameof(nesterov))
        : 1f - dampening;

    /// <inheritdoc/>
    public override float LearningRate { get; set; } = learningRate;

    // The first velocity is the gradient itself.
    private protected override UpdateStep Next(long step) => new() { Rate = LearningRate, Undamped = step == 1 ? 1f : _undamped };

    private protected override void Update(in UpdateStep step)
    {
        if (momentum == 0f) Launch(new PlainSgdRule { WeightDecay = weightDecay }, step);
        else Launch(new SgdRule { Momentum = momentum, WeightDecay = weightDecay, Nesterov = nesterov ? 1 : 0 }, step);
    }
}
