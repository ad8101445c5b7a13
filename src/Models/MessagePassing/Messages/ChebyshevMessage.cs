namespace GpuNets.Models;

/// <summary>
/// Chebyshev polynomials of the Laplacian (Defferrard et al. 2016), m = sum over k below K of T_k(L - I) h W_k with L = I - D^-1/2 A D^-1/2, whose
/// eigenvalues lie in 0 to 2. A node without edges has D^-1/2 = 0. Parameters <c>w.weight</c> [size, K * d], <c>w.bias</c>.
/// </summary>
public sealed class ChebyshevMessage : Module, IMessageFunction
{
    private readonly int _states, _order;
    private readonly Linear _weights;

    /// <summary>Makes the weights.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="order">K: number of polynomials; messages come from up to K - 1 edges away.</param>
    public ChebyshevMessage(Vars vars, int states, int size, int order) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(order, 1);
        (_states, Size, _order) = (states, size, order);
        _weights = new Linear(vars["w"], checked(order * states), size, new LinearOptions { WeightInitializer = Init.XavierUniform(), BiasInitializer = Init.Zeros });
    }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var scale = NodeDegrees.InverseRoot(graphs, selfLoops: false);
        return states =>
        {
            var terms = new Tensor[_order];
            terms[0] = states;
            if (_order > 1) terms[1] = Shifted(states);
            for (int k = 2; k < _order; k++) terms[k] = 2f * Shifted(terms[k - 1]) - terms[k - 2];
            return _weights.Forward(Tensor.Concatenate(1, terms));
        };

        Tensor Shifted(Tensor x) => -(scale * (scale * x).Propagate(graphs));   // (L - I) x
    }

    /// <inheritdoc/>
    protected override string Describe() => $"ChebyshevMessage({_states} -> {Size}, {_order} polynomials)";
}
