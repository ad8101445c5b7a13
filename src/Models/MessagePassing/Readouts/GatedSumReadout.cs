namespace GpuNets.Models;

/// <summary>
/// R = sum over nodes of s(i([h_v^T, x_v])) * j([h_v^T, x_v]) (eq. 4, gated graph networks) with perceptrons i and j; no tanh on j, which regression
/// needs as it is. Parameters <c>i</c>, <c>j</c>.
/// </summary>
/// <param name="vars">Where the parameters go.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="inputs">Features x of a node.</param>
/// <param name="hidden">Widths of the hidden layers of i and j.</param>
/// <param name="outputs">Values per graph.</param>
/// <param name="activation">The function of the hidden layers.</param>
public sealed class GatedSumReadout(
    Vars vars, int states, int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation = Activation.Relu) : Module(vars), IReadout
{
    private readonly Perceptron _i = new(vars["i"], states + inputs, hidden, outputs, activation, Activation.Sigmoid), _j = new(vars["j"], states + inputs, hidden, outputs, activation);

    /// <inheritdoc/>
    public Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input)
    {
        var x = Tensor.Concatenate(1, states[^1], input.Nodes);
        return (_i.Forward(x) * _j.Forward(x)).SegmentSum(input.Graphs.NodesByGraph);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"GatedSumReadout({states} + {inputs} -> {outputs})";
}
