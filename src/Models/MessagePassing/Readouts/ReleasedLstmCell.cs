namespace GpuNets.Models;

/// <summary>
/// The LSTM of the authors' set2set: candidate tanh(s(.)). Parameters as in <see cref="LstmCell"/>, gates in the order i, f, g, o, but with one bias.
/// </summary>
internal sealed class ReleasedLstmCell : Module
{
    private readonly Parameter _input, _hidden, _bias;

    public ReleasedLstmCell(Vars vars, int units) : base(vars)
    {
        var weight = Init.Uniform(Math.Sqrt(6.0 / (3 * units)));
        _input = vars.Parameter("weight_ih", (4 * units, units), weight);
        _hidden = vars.Parameter("weight_hh", (4 * units, units), weight);
        _bias = vars.Parameter("bias", 4 * units, Init.Zeros);
    }

    public LstmState Forward(Tensor x, LstmState state)
    {
        var gates = state.Hidden.MatMul(
            _hidden, transposeOther: true, activation: Activation.Sigmoid, residual: x.MatMul(_input, transposeOther: true, bias: _bias)).Chunk(1, 4);
        var cell = gates[1] * state.Cell + gates[0] * gates[2].Tanh();
        return new LstmState(gates[3] * cell.Tanh(), cell);
    }

    protected override string Describe() => $"ReleasedLstmCell({_bias.Count / 4})";
}
