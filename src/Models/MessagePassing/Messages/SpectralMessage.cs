namespace GpuNets.Models;

/// <summary>
/// Filters over the spectrum of the graph's Laplacian (Bruna et al. 2013), C_vw[i, j] = sum over modes k of V_vk F_k[i, j] V_wk with learned F, V
/// the eigenvectors. Parameter <c>filters</c> [modes, size, d].
/// </summary>
public sealed class SpectralMessage : Module, IMessageFunction
{
    /// <summary>Makes the filters.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="modes">Number of eigenvectors, those of the smallest eigenvalues.</param>
    public SpectralMessage(Vars vars, int states, int size, int modes) : base(vars)
    {
        Size = size;
        Filters = vars.Parameter("filters", (modes, size, states), Init.Uniform(Math.Sqrt(6.0 / (states + size))));
    }

    /// <summary>F: [modes, size, d].</summary>
    public Parameter Filters { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var (graphs, modes) = (edges.Input.Graphs, edges.Input.Modes);
        Shape expected = (graphs.Nodes, Filters.Shape[0]);
        if (modes?.Shape != expected) throw new ShapeException("SpectralMessage", $"the graphs have {(modes is null ? "no modes" : $"modes {modes.Shape}")}, expected {expected}.");
        var vectors = modes.Unsqueeze(2);   // [nodes, modes, 1]
        return states =>
        {
            var spectrum = (vectors * states.Unsqueeze(1)).SegmentSum(graphs.NodesByGraph);   // [graphs, modes, d]
            var filtered = spectrum.Permute(1, 0, 2).MatMul(Filters, transposeOther: true).Permute(1, 0, 2);   // [graphs, modes, size]
            return (vectors * filtered.Spread(graphs.NodesByGraph)).Sum(1);
        };
    }

    /// <inheritdoc/>
    protected override string Describe() => $"SpectralMessage({Filters.Shape[2]} -> {Size}, {Filters.Shape[0]} modes)";
}
