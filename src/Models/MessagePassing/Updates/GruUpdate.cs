namespace GpuNets.Models;

/// <summary>
/// Gated recurrent unit as in gated graph networks and the authors' code: z = s(W_z m + U_z h), r = s(W_r m + U_r h), c = tanh(W m + U (r * h)),
/// h' = (1 - z) * h + z * c. Parameters <c>gate_m</c> (W_z over W_r) [2d, size], <c>gate_h</c> (U_z over U_r) [2d, d], <c>m</c> (W), <c>h</c> (U), and with biases
/// <c>gate_bias</c>, <c>bias</c>. <see cref="GruCell"/> resets after its product with U instead.
/// </summary>
public sealed class GruUpdate : Module, IUpdateFunction
{
    private readonly Parameter _gateMessages, _gateStates, _messages, _states;
    private readonly Parameter? _gateBias, _bias;

    /// <summary>Makes the parameters; weights start as Glorot and Bengio have them, biases at 0.</summary>
    /// <param name="vars">Where they go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="messages">Features of a message.</param>
    /// <param name="bias">With biases, which the authors' code does without.</param>
    public GruUpdate(Vars vars, int states, int messages, bool bias = false) : base(vars)
    {
        var (input, hidden) = (Init.Uniform(Math.Sqrt(6.0 / (states + messages))), Init.Uniform(Math.Sqrt(3.0 / states)));
        _gateMessages = vars.Parameter("gate_m", (2 * states, messages), input);
        _gateStates = vars.Parameter("gate_h", (2 * states, states), hidden);
        _messages = vars.Parameter("m", (states, messages), input);
        _states = vars.Parameter("h", (states, states), hidden);
        if (!bias) return;
        _gateBias = vars.Parameter("gate_bias", 2 * states, Init.Zeros);
        _bias = vars.Parameter("bias", states, Init.Zeros);
    }

    /// <summary>One step.</summary>
    /// <param name="states">h: [rows, d].</param>
    /// <param name="messages">m: [rows, size].</param>
    /// <returns>h': [rows, d].</returns>
    public Tensor Forward(Tensor states, Tensor messages)
    {
        var gates = states.MatMul(
            _gateStates, transposeOther: true, activation: Activation.Sigmoid, residual: messages.MatMul(_gateMessages, transposeOther: true, bias: _gateBias)).Chunk(1, 2);
        var candidate = (gates[1] * states).MatMul(
            _states, transposeOther: true, activation: Activation.Tanh, residual: messages.MatMul(_messages, transposeOther: true, bias: _bias));
        return states + gates[0] * (candidate - states);
    }

    /// <inheritdoc/>
    public Func<Tensor, Tensor, Tensor> Open(GraphInput input) => Forward;

    /// <inheritdoc/>
    protected override string Describe() => $"GruUpdate({_messages.Shape[1]} -> {_states.Shape[0]})";
}
