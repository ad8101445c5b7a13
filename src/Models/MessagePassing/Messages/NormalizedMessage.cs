namespace GpuNets.Models;

/// <summary>
/// States by degrees (Kipf and Welling 2016), m_v = sum over w of (deg v deg w)^-1/2 A~_vw h_w, where A~ = A + I has loops and degrees count them. No
/// parameters.
/// </summary>
/// <param name="vars">Its place in the tree.</param>
/// <param name="states">d: features of a state.</param>
public sealed class NormalizedMessage(Vars vars, int states) : Module(vars), IMessageFunction
{
    /// <inheritdoc/>
    public int Size => states;

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var scale = NodeDegrees.InverseRoot(graphs, selfLoops: true);
        return h =>
        {
            var scaled = scale * h;
            return scale * (scaled.Propagate(graphs) + scaled);
        };
    }

    /// <inheritdoc/>
    protected override string Describe() => $"NormalizedMessage({states})";
}
