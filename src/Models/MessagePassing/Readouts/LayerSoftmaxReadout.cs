namespace GpuNets.Models;

/// <summary>
/// R = f(sum over nodes and steps t = 0..T of softmax(W_t h_v^t)) (molecular fingerprints, Duvenaud et al. 2015). Parameters <c>w.0</c>, ..., <c>w.T</c>,
/// <c>output</c>.
/// </summary>
public sealed class LayerSoftmaxReadout : Module, IReadout
{
    private readonly Linear[] _weights;
    private readonly Perceptron _output;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="steps">T.</param>
    /// <param name="size">Length of the fingerprint.</param>
    /// <param name="hidden">Widths of the hidden layers of f.</param>
    /// <param name="outputs">Values per graph.</param>
    /// <param name="activation">The function of the hidden layers.</param>
    public LayerSoftmaxReadout(Vars vars, int states, int steps, int size, IReadOnlyList<int> hidden, int outputs, Activation activation = Activation.Relu)
        : base(vars)
    {
        _weights = new Linear[steps + 1];
        for (int t = 0; t <= steps; t++)
            _weights[t] = new Linear(vars["w"][t], states, size, new LinearOptions { Bias = false, WeightInitializer = Init.XavierUniform() });
        _output = new Perceptron(vars["output"], size, hidden, outputs, activation);
    }

    /// <inheritdoc/>
    public Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input)
    {
        var sum = _weights[0].Forward(states[0]).Softmax();
        for (int t = 1; t < _weights.Length; t++) sum += _weights[t].Forward(states[t]).Softmax();
        return _output.Forward(sum.SegmentSum(input.Graphs.NodesByGraph));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"LayerSoftmaxReadout({_weights.Length} layers, {_weights[0].Weight.Shape[0]})";
}
