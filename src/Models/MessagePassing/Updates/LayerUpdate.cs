namespace GpuNets.Models;

/// <summary>h' = f(W m_v), or f(m_v) without a matrix (spectral networks). No biases. Parameter <c>w.weight</c> [d, size].</summary>
/// <param name="vars">Where it goes.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="messages">Features of a message; those of a state if there is no matrix.</param>
/// <param name="activation">f.</param>
/// <param name="matrix">With W.</param>
public sealed class LayerUpdate(Vars vars, int states, int messages, Activation activation, bool matrix) : Module(vars), IUpdateFunction
{
    private readonly Layer _layer = matrix
        ? new Linear(vars["w"], messages, states, new LinearOptions { Bias = false, Activation = activation, WeightInitializer = Init.XavierUniform() })
        : new ActivationLayer(vars["f"], activation);

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => (_, m) => _layer.Forward(m);

    /// <inheritdoc/>
    protected override string Describe() => $"LayerUpdate({messages} -> {states}, {activation}{(matrix ? "" : ", no matrix")})";
}
