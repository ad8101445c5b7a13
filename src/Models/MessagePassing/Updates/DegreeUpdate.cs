namespace GpuNets.Models;

/// <summary>
/// A matrix per number of neighbours, h' = s(H_deg(v) m_v) (molecular fingerprints, Duvenaud et al. 2015). Nodes with more neighbours than there are
/// matrices take the last. Parameter <c>matrices</c> [largest degree + 1, d, size].
/// </summary>
public sealed class DegreeUpdate : Module, IUpdateFunction
{
    /// <summary>Makes the matrices.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="messages">Features of a message.</param>
    /// <param name="largest">Largest number of neighbours with a matrix of its own.</param>
    public DegreeUpdate(Vars vars, int states, int messages, int largest) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(largest);
        Matrices = vars.Parameter("matrices", (largest + 1, states, messages), Init.Uniform(Math.Sqrt(6.0 / (states + messages))));
    }

    /// <summary>H: [largest degree + 1, d, size].</summary>
    public Parameter Matrices { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input)
    {
        var degrees = NodeDegrees.ByDegree(input.Graphs, Matrices.Shape[0] - 1);
        return (_, m) => m.SegmentMatMul(degrees, Matrices).Sigmoid();
    }

    /// <inheritdoc/>
    protected override string Describe() => $"DegreeUpdate({Matrices.Shape[2]} -> {Matrices.Shape[1]}, degrees up to {Matrices.Shape[0] - 1})";
}
