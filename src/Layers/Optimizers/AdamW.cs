using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2017): p shrinks by lr weightDecay, outside the moments.</summary>
/// <param name="parameters">What to train.</param>
/// <param name="learningRate">Step size.</param>
/// <param name="beta1">Decay of the mean.</param>
/// <param name="beta2">Decay of the mean square.</param>
/// <param name="epsilon">Added to the root.</param>
/// <param name="weightDecay">Share of a parameter that a step with learning rate 1 removes.</param>
public sealed class AdamW(
    IReadOnlyList<Parameter> parameters, float learningRate = 1e-3f, float beta1 = 0.9f, float beta2 = 0.999f, float epsilon = 1e-8f,
    float weightDecay = 1e-2f) : Adam(parameters, learningRate, beta1, beta2, epsilon)
{
    private readonly float _decay = weightDecay;

    private protected override UpdateStep Next(long step) => base.Next(step) with { Keep = 1f - LearningRate * _decay };
}
