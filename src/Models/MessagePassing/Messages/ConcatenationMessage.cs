namespace GpuNets.Models;

/// <summary>State and edge side by side, M = (h_w, e_vw) (molecular fingerprints, Duvenaud et al. 2015). No parameters.</summary>
/// <param name="vars">Its place in the tree.</param>
/// <param name="states">d: features of a state.</param>
/// <param name="features">Features of an edge.</param>
public sealed class ConcatenationMessage(Vars vars, int states, int features) : Module(vars), IMessageFunction
{
    /// <inheritdoc/>
    public int Size => states + features;

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var bonds = EdgeFeatures.Of("ConcatenationMessage", edges.Input, features).SegmentSum(graphs.EdgesByTarget);
        return h => Tensor.Concatenate(1, h.Propagate(graphs), bonds);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"ConcatenationMessage({states} + {features})";
}
