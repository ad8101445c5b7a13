namespace GpuNets.Models;

/// <summary>A perceptron of state, features of the node and messages, h' = NN([h_v, x_v, m_v]) (interaction networks, Battaglia et al. 2016).</summary>
/// <param name="vars">Where its parameters go.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="inputs">Features x of a node.</param>
/// <param name="messages">Features of a message.</param>
/// <param name="hidden">Widths of the hidden ReLU layers.</param>
public sealed class NetworkUpdate(Vars vars, int states, int inputs, int messages, IReadOnlyList<int> hidden) : Module(vars), IUpdateFunction
{
    private readonly Perceptron _network = new(vars, states + inputs + messages, hidden, states);

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => (h, m) => _network.Forward(Tensor.Concatenate(1, h, input.Nodes, m));

    /// <inheritdoc/>
    protected override string Describe() => $"NetworkUpdate({states} + {inputs} + {messages})";
}
