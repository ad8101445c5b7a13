namespace GpuNets.Models;

/// <summary>
/// The pair message of section 5 and of interaction networks (Battaglia et al. 2016), M = f(h_w, h_v, e_vw) with a perceptron f. Its first
/// layer runs over nodes and edges apart, its last over sums: exact, as both are linear. Parameters <c>0</c> (acts on h_w, h_v and e side by
/// side), <c>1</c>, ...
/// </summary>
public sealed class PairMessage : Module, IMessageFunction
{
    private readonly int _states, _features;

    /// <summary>Makes the network.</summary>
    /// <param name="vars">Where its parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="features">Features of an edge; 0 for none.</param>
    /// <param name="hidden">Widths of the hidden ReLU layers, at least one.</param>
    public PairMessage(Vars vars, int states, int size, int features, IReadOnlyList<int> hidden) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(hidden.Count, 1, nameof(hidden));
        (_states, Size, _features) = (states, size, features);
        Network = new Perceptron(vars, 2 * states + features, hidden, size);
    }

    /// <summary>f.</summary>
    public Perceptron Network { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var (first, last) = (Network.Layers[0], Network.Layers[^1]);
        var there = first.Weight.Slice(1, 0, _states);
        var here = first.Weight.Slice(1, _states, 2 * _states);
        // W e + b of each edge, the same at all steps.
        var own = _features == 0
            ? null
            : EdgeFeatures.Of("PairMessage", edges.Input, _features).MatMul(first.Weight.Slice(1, 2 * _states), transposeOther: true, bias: first.Bias);
        // What the last layer's bias adds to the sum: once per edge.
        var degrees = graphs.Device.Ones((graphs.Nodes, 1)).Propagate(graphs);
        return states =>
        {
            var x = states.MatMul(there, transposeOther: true).Spread(graphs.EdgesBySource) +
                states.MatMul(here, transposeOther: true, bias: own is null ? first.Bias : null).Spread(graphs.EdgesByTarget);
            x = (own is null ? x : x + own).Relu();
            for (int l = 1; l + 1 < Network.Layers.Count; l++) x = Network.Layers[l].Forward(x);
            return x.SegmentSum(graphs.EdgesByTarget).MatMul(last.Weight, transposeOther: true) + degrees * last.Bias!;
        };
    }

    /// <inheritdoc/>
    protected override string Describe() => $"PairMessage({_states} -> {Size}, {_features} features)";
}
