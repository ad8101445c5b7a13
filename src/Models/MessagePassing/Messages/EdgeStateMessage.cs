namespace GpuNets.Models;

/// <summary>
/// Edges with states of their own, M = e_vw^t (molecular graph convolutions, Kearnes et al. 2016). After the message the state becomes
/// e' = ReLU(W_4 [ReLU(W_2 e), ReLU(W_3 [h_v, h_w])]); at first it is the features of the edge, zero-padded. Parameters <c>w2</c>, <c>w3</c>
/// (acts on h_v and h_w side by side), <c>w4</c>.
/// </summary>
public sealed class EdgeStateMessage : Module, IMessageFunction
{
    private readonly int _states, _features;
    private readonly Linear? _own, _ends, _both;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a node's state.</param>
    /// <param name="size">Features of an edge's state.</param>
    /// <param name="features">Features of an edge, at most <paramref name="size"/>.</param>
    /// <param name="changes">False for the last step, after which nobody reads the edges.</param>
    public EdgeStateMessage(Vars vars, int states, int size, int features, bool changes = true) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(features, size);
        (_states, Size, _features) = (states, size, features);
        if (!changes) return;
        var options = new LinearOptions { Activation = Activation.Relu, WeightInitializer = Init.XavierUniform(), BiasInitializer = Init.Zeros };
        _own = new Linear(vars["w2"], size, size, options);
        _ends = new Linear(vars["w3"], 2 * states, size, options);
        _both = new Linear(vars["w4"], 2 * size, size, options);
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        edges.Current ??= EdgeFeatures.Of("EdgeStateMessage", edges.Input, _features).Pad(1, 0, Size - _features);
        return states =>
        {
            var e = edges.Current!;
            var sum = e.SegmentSum(graphs.EdgesByTarget);
            if (_ends is not null)
            {
                var here = states.MatMul(_ends.Weight.Slice(1, 0, _states), transposeOther: true, bias: _ends.Bias).Spread(graphs.EdgesByTarget);
                var there = states.MatMul(_ends.Weight.Slice(1, _states), transposeOther: true).Spread(graphs.EdgesBySource);
                edges.Current = _both!.Forward(Tensor.Concatenate(1, _own!.Forward(e), (here + there).Relu()));
            }
            return sum;
        };
    }

    /// <inheritdoc/>
    protected override string Describe() => $"EdgeStateMessage({_states}, edges {_features} -> {Size})";
}
