using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// RMSProp: n = rho n + (1 - rho) g^2; centred, m = rho m + (1 - rho) g. The common form divides by sqrt(n - m^2) + epsilon after which
/// momentum accumulates; <see cref="Graves"/> makes the form of the Neural Turing Machine paper.
/// </summary>
public sealed class RmsProp : Optimizer
{
    private readonly RmsPropRule _rule;

    /// <summary>The common form: b = momentum b + g / (sqrt(n - m^2) + epsilon); p -= lr b.</summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="rho">Decay of the running means (PyTorch's alpha).</param>
    /// <param name="momentum">Decay of the velocity.</param>
    /// <param name="epsilon">Added to the root.</param>
    /// <param name="centered">Subtract the squared mean gradient.</param>
    /// <param name="weightDecay">L2 penalty, added to the gradient.</param>
    public RmsProp(
        IReadOnlyList<Parameter> parameters, float learningRate = 1e-2f, float rho = 0.99f, float momentum = 0f, float epsilon = 1e-8f,
        bool centered = false, float weightDecay = 0f)
        : this(parameters, learningRate, new RmsPropRule
        {
            Rho = rho,
            Momentum = momentum,
            Epsilon = epsilon,
            L2 = weightDecay,
            Centered = centered ? 1 : 0,
        })
    {
    }

    private RmsProp(IReadOnlyList<Parameter> parameters, float learningRate, RmsPropRule rule) : base(parameters, ["square_avg", "grad_avg", "momentum_buffer"])
    {
        _rule = rule;
        LearningRate = learningRate;
    }

    /// <summary>
    /// The form of Graves (2013, "Generating sequences with recurrent neural networks", eqs 38-41): centred, epsilon inside the root,
    /// d = 0.9 d - lr g / sqrt(n - m^2 + 1e-4); p += d.
    /// </summary>
    /// <param name="parameters">What to train.</param>
    /// <param name="learningRate">Step size.</param>
    /// <param name="rho">Decay of the running means.</param>
    /// <param name="momentum">Decay of the step.</param>
    /// <param name="epsilon">Added under the root.</param>
    public static RmsProp Graves(
        IReadOnlyList<Parameter> parameters, float learningRate = 1e-4f, float rho = 0.95f, float momentum = 0.9f, float epsilon = 1e-4f) =>
        new(parameters, learningRate, new RmsPropRule { Rho = rho, Momentum = momentum, Epsilon = epsilon, Centered = 1, Graves = 1 });

    /// <inheritdoc/>
    public override float LearningRate { get; set; }

    private protected override void Update(in UpdateStep step) => Launch(_rule, step);
}
