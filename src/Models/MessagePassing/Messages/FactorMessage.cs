namespace GpuNets.Models;

/// <summary>
/// Product of factors, M = tanh(W^fc ((W^cf h_w + b_1) * (W^df e_vw + b_2))) (deep tensor networks, Schuett et al. 2017). Parameters <c>cf</c>,
/// <c>df</c>, <c>fc</c>.
/// </summary>
public sealed class FactorMessage : Module, IMessageFunction
{
    private readonly Linear _states, _edges, _product;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="features">Features of an edge.</param>
    /// <param name="factors">Width of the product.</param>
    public FactorMessage(Vars vars, int states, int size, int features, int factors) : base(vars)
    {
        var options = new LinearOptions { WeightInitializer = Init.XavierUniform(), BiasInitializer = Init.Zeros };
        _states = new Linear(vars["cf"], states, factors, options);
        _edges = new Linear(vars["df"], features, factors, options);
        _product = new Linear(vars["fc"], factors, size, options with { Bias = false, Activation = Activation.Tanh });
        Size = size;
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var factors = _edges.Forward(EdgeFeatures.Of("FactorMessage", edges.Input, _edges.Weight.Shape[1]));
        return states => _product.Forward(_states.Forward(states).Spread(graphs.EdgesBySource) * factors).SegmentSum(graphs.EdgesByTarget);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"FactorMessage({_states.Weight.Shape[1]} -> {Size}, {_edges.Weight.Shape[1]} features)";
}
