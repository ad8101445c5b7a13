namespace GpuNets.Models;

/// <summary>The gated recurrent unit of <see cref="GruCell"/>, PyTorch's, in fused kernels: the reset gate acts on U h. Parameters as there.</summary>
/// <param name="vars">Where the parameters go.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="messages">Features of a message.</param>
/// <param name="bias">With both biases.</param>
public sealed class GruCellUpdate(Vars vars, int states, int messages, bool bias = true) : Module(vars), IUpdateFunction
{
    private readonly GruCell _cell = new(vars, messages, states, new GruCellOptions
    {
        Bias = bias,
        InputWeightInitializer = Init.Uniform(Math.Sqrt(6.0 / (states + messages))),
        HiddenWeightInitializer = Init.Uniform(Math.Sqrt(3.0 / states)),
        BiasInitializer = Init.Zeros,
    });

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => (h, m) => _cell.Forward(m, h);

    /// <inheritdoc/>
    protected override string Describe() => $"GruCellUpdate({messages} -> {states})";
}
