namespace GpuNets.Models;

/// <summary>
/// The edge network of section 5, M = A(e_vw) h_w, where a perceptron makes the matrix A of the features of an edge. Parameters
/// <c>0.weight</c>, <c>0.bias</c>, ...; the last layer gives [size * d].
/// </summary>
public sealed class EdgeNetworkMessage : Module, IMessageFunction
{
    private const long MostMatrixBytes = 256 << 20;
    private readonly int _states, _features, _steps;
    private readonly EdgeOrder _order;

    /// <summary>Makes the network.</summary>
    /// <param name="vars">Where its parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of a message.</param>
    /// <param name="features">Features of an edge.</param>
    /// <param name="hidden">Widths of the hidden ReLU layers.</param>
    /// <param name="order">Order of evaluation.</param>
    /// <param name="steps">How often messages are sent per run, for the choice of the order.</param>
    /// <param name="gain">Factor on the first weights of the last layer.</param>
    public EdgeNetworkMessage(
        Vars vars, int states, int size, int features, IReadOnlyList<int> hidden, EdgeOrder order = EdgeOrder.Automatic, int steps = 1,
        double gain = 1) : base(vars)
    {
        (_states, Size, _features, _order, _steps) = (states, size, features, order, steps);
        Network = new Perceptron(vars, features, hidden, checked(size * states), lastGain: gain);
    }

    /// <summary>The perceptron from features of an edge to its matrix.</summary>
    public Perceptron Network { get; }

    /// <inheritdoc/>
    public int Size { get; }

    /// <inheritdoc/>
    public Func<Tensor, Tensor> Open(EdgeStates edges)
    {
        var graphs = edges.Input.Graphs;
        var features = Network.Hidden(EdgeFeatures.Of("EdgeNetworkMessage", edges.Input, _features));
        var last = Network.Layers[^1];
        if (Pick(graphs, last.Weight.Shape[1]) == EdgeOrder.Moments) return states => states.EdgeLinear(graphs, features, last.Weight, last.Bias);
        var matrices = last.Forward(features).Reshape(graphs.Edges, Size, _states);
        return states => states.EdgeMatrices(graphs, matrices);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"EdgeNetworkMessage({_states} -> {Size}, {_features} features, {_order})";

    // Products: edges * width * size * d once and edges * size * d per step, against edges * width * d and nodes * width * size * d per step.
    private EdgeOrder Pick(GraphBatch graphs, int width)
    {
        if (_order != EdgeOrder.Automatic) return _order;
        long matrix = (long)Size * _states, all = graphs.Edges * matrix;
        long first = all * width + all * _steps, second = _steps * ((long)graphs.Edges * width * _states + graphs.Nodes * width * matrix);
        return 4 * all > MostMatrixBytes || second <= first ? EdgeOrder.Moments : EdgeOrder.Matrices;
    }
}
