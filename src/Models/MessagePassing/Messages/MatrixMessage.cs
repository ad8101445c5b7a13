namespace GpuNets.Models;

/// <summary>
/// A matrix per kind of edge, M = A_label h_w (gated graph networks, Li et al. 2016): no message is stored. Parameter <c>matrices</c>
/// [labels, size, d].
/// </summary>
public sealed class MatrixMessage : Module, IMessageFunction
{
    private readonly int _states;

    /// <summary>Makes the matrices.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="labels">Kinds of edges.</param>
    /// <param name="gain">Factor on the first weights.</param>
    public MatrixMessage(Vars vars, int states, int size, int labels, double gain = 1) : base(vars)
    {
        (_states, Size) = (states, size);
        Matrices = vars.Parameter("matrices", (labels, size, states), Init.Uniform(gain * Math.Sqrt(6.0 / (states + size))));
    }

    /// <summary>A: [labels, size, d].</summary>
    public Parameter Matrices { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var labels = edges.Input.Labels ?? throw new ShapeException("MatrixMessage", "the graphs have no labels of edges, but there is a matrix per label.");
        return states => states.LabelMatrices(labels, Matrices);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"MatrixMessage({_states} -> {Size}, {Matrices.Shape[0]} labels)";
}
