namespace GpuNets.Models;

/// <summary>h' = ReLU(W_1 [ReLU(W_0 h_v), m_v]) (molecular graph convolutions, Kearnes et al. 2016). Parameters <c>w0</c>, <c>w1</c>.</summary>
public sealed class WeaveUpdate : Module, IUpdateFunction
{
    private readonly Linear _own, _both;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="messages">Features of a message.</param>
    public WeaveUpdate(Vars vars, int states, int messages) : base(vars)
    {
        var options = new LinearOptions { Activation = Activation.Relu, WeightInitializer = Init.XavierUniform(), BiasInitializer = Init.Zeros };
        _own = new Linear(vars["w0"], states, states, options);
        _both = new Linear(vars["w1"], states + messages, states, options);
    }

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => (h, m) => _both.Forward(Tensor.Concatenate(1, _own.Forward(h), m));

    /// <inheritdoc/>
    protected override string Describe() => $"WeaveUpdate({_own.Weight.Shape[0]})";
}
