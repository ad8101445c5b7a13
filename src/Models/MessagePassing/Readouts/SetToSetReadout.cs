namespace GpuNets.Models;

/// <summary>
/// set2set (Vinyals et al. 2015, https://arxiv.org/abs/1511.06391) as in section 5: u_v = W_1 [h_v^T, x_v]; for M steps (q, cell) = LSTM(state [q, r], cell),
/// e_v by <see cref="SetEnergy"/>, a = softmax of e over the nodes of a graph, r = sum of a_v u_v; y = MLP([q, r]). D = d + inputs. Parameters
/// <c>w1</c> [D, D], <c>lstm</c> (weight_ih acts on r, weight_hh on q), <c>w2</c> and <c>v</c> (additive energies), <c>output</c>.
/// </summary>
public sealed class SetToSetReadout : Module, IReadout
{
    private readonly int _units, _steps;
    private readonly Parameter _w1;
    private readonly Parameter? _w2, _v;
    private readonly Func<Tensor, LstmState, LstmState> _lstm;
    private readonly Perceptron _output;
    private readonly SetEnergy _energy;

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="inputs">Features x of a node.</param>
    /// <param name="hidden">Widths of the hidden layers of the output network.</param>
    /// <param name="outputs">Values per graph.</param>
    /// <param name="steps">M.</param>
    /// <param name="energy">How nodes are scored.</param>
    /// <param name="releasedCandidate">The candidate of the LSTM is tanh(s(.)), as the released code has it, instead of tanh(.).</param>
    /// <param name="activation">The function of the hidden layers.</param>
    public SetToSetReadout(
        Vars vars, int states, int inputs, IReadOnlyList<int> hidden, int outputs, int steps, SetEnergy energy = SetEnergy.Additive,
        bool releasedCandidate = false, Activation activation = Activation.Relu) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        (_units, _steps, _energy) = (states + inputs, steps, energy);
        _w1 = vars.Parameter("w1", (_units, _units), Init.XavierUniform());
        if (releasedCandidate)
        {
            _lstm = new ReleasedLstmCell(vars["lstm"], _units).Forward;
        }
        else
        {
            // [q, r] of 2D to each gate of D, as one matrix is drawn.
            var weight = Init.Uniform(Math.Sqrt(6.0 / (3 * _units)));
            var cell = new LstmCell(vars["lstm"], _units, _units, new LstmCellOptions { InputWeightInitializer = weight, HiddenWeightInitializer = weight, BiasInitializer = Init.Zeros });
            _lstm = (x, state) => cell.Forward(x, state);
        }
        if (energy == SetEnergy.Additive)
        {
            _w2 = vars.Parameter("w2", (_units, _units), Init.XavierUniform());
            _v = vars.Parameter("v", (1, _units), Init.XavierUniform());
        }
        _output = new Perceptron(vars["output"], 2 * _units, hidden, outputs, activation);
    }

    /// <inheritdoc/>
    public Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input)
    {
        var nodes = input.Graphs.NodesByGraph;
        var u = Tensor.Concatenate(1, states[^1], input.Nodes).MatMul(_w1, transposeOther: true);   // [nodes, D]
        var r = input.Graphs.Device.Zeros((input.Graphs.Count, _units));
        var state = new LstmState(r, r);
        for (int step = 0; step < _steps; step++)
        {
            state = _lstm(r, state);
            var q = state.Hidden;
            var energies = _energy == SetEnergy.Dot
                ? (q.Spread(nodes) * u).Sum(1)
                : (q.MatMul(_w2!, transposeOther: true).Spread(nodes) + u).Tanh().MatMul(_v!, transposeOther: true).Squeeze(1);
            r = u.SegmentSum(nodes, energies.SegmentSoftmax(nodes));
        }
        return _output.Forward(Tensor.Concatenate(1, state.Hidden, r));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"SetToSetReadout({_units}, {_steps} steps, {_energy})";
}
