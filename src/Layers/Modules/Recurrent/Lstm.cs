using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Long short-term memory over sequences (Hochreiter and Schmidhuber 1997; forget gates: Gers et al. 2000,
/// https://doi.org/10.1162/089976600300015015), one or more layers, in one or two directions. Per step and layer:
/// i = s(a_i), f = s(a_f), g = tanh(a_g), o = s(a_o) with a = W_ih x + b_ih + W_hh h + b_hh; c' = f c + i g; h' = o tanh(c').
/// Names, layouts and gate order (i, f, g, o) of the parameters are PyTorch's: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, and
/// the same with _reverse.
/// </summary>
public sealed class Lstm : Module
{
    private readonly RecurrentStack<LstmUnits> _stack;

    /// <summary>Creates the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Features of the input.</param>
    /// <param name="units">Hidden units of each layer and direction.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is below 1, the dropout is outside of [0, 1), or a forget bias is set without biases.</exception>
    public Lstm(Vars vars, int inputs, int units, LstmOptions? options = null) : base(vars)
    {
        (Inputs, Units, Options) = (inputs, units, options ?? new LstmOptions());
        var parameters = new RecurrentParameters(LstmUnits.WeightBlocks, units, Options.Bias)
        {
            FixedBlock = 1,   // i, f, g, o
            FixedBias = Options.ForgetBias,
            InputWeightInitializer = Options.InputWeightInitializer,
            HiddenWeightInitializer = Options.HiddenWeightInitializer,
            BiasInitializer = Options.BiasInitializer,
        };
        _stack = new RecurrentStack<LstmUnits>("Lstm", vars, inputs, parameters, Options.Layers, Options.Bidirectional, Options.Dropout);
    }

    /// <summary>Features of the input.</summary>
    public int Inputs { get; }

    /// <summary>Hidden units of each layer and direction.</summary>
    public int Units { get; }

    /// <summary>The settings.</summary>
    public LstmOptions Options { get; }

    /// <summary>Runs whole sequences.</summary>
    /// <param name="input">[time, batch, inputs].</param>
    /// <param name="state">State before the first step; null for zeros. Gradients flow to it.</param>
    /// <param name="lengths">
    /// Steps of each sequence, [batch], each in 0..time; null if all have time steps. Beyond its length a sequence keeps its state and
    /// gives zeros; the reverse direction starts at its last step. The padding must be finite numbers.
    /// </param>
    /// <returns>Hidden values of the last layer [time, batch, directions * units], and the state after the last step.</returns>
    /// <exception cref="ShapeException">Shapes do not fit, there are no steps, or a length is out of range.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public (Tensor Output, LstmState State) Forward(Tensor input, LstmState? state = null, IndexTensor? lengths = null)
    {
        var (output, hidden, cell) = _stack.Forward(input, state?.Hidden, state?.Cell, lengths);
        return (output, new LstmState(hidden, cell!));
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"Lstm({Inputs} -> {(Options.Bidirectional ? "2 x " : "")}{Units}{(Options.Layers > 1 ? $", {Options.Layers} layers" : "")})";
}
