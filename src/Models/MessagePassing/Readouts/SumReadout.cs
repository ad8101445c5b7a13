namespace GpuNets.Models;

/// <summary>
/// R = f(sum of h_v^T) (interaction networks), or the sum over nodes of f(h_v^T) (deep tensor networks). Parameters of the perceptron f: <c>0</c>,
/// <c>1</c>, ...
/// </summary>
/// <param name="vars">Where the parameters go.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="hidden">Widths of the hidden layers of f.</param>
/// <param name="outputs">Values per graph.</param>
/// <param name="perNode">f of every node, then the sum.</param>
/// <param name="activation">The function of the hidden layers.</param>
public sealed class SumReadout(
    Vars vars, int states, IReadOnlyList<int> hidden, int outputs, bool perNode, Activation activation = Activation.Relu) : Module(vars), IReadout
{
    private readonly Perceptron _f = new(vars, states, hidden, outputs, activation);

    /// <inheritdoc/>
    public Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input)
    {
        var nodes = input.Graphs.NodesByGraph;
        return perNode ? _f.Forward(states[^1]).SegmentSum(nodes) : _f.Forward(states[^1].SegmentSum(nodes));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"SumReadout({states} -> {outputs}, {(perNode ? "per node" : "of the sum")})";
}
