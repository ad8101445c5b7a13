using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Gated recurrent units over sequences (Cho et al. 2014, https://arxiv.org/abs/1406.1078), one or more layers, in one or two
/// directions. Per step and layer, with x_* = W_i* x + b_i* and h_* = W_h* h + b_h*: r = s(x_r + h_r), z = s(x_z + h_z),
/// n = tanh(x_n + r h_n), h' = (1 - z) n + z h. Names, layouts and gate order (r, z, n) of the parameters are PyTorch's:
/// weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, and the same with _reverse.
/// </summary>
public sealed class Gru : Module
{
    private readonly RecurrentStack<GruUnits> _stack;

    /// <summary>Creates the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Features of the input.</param>
    /// <param name="units">Hidden units of each layer and direction.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is below 1, or the dropout is outside of [0, 1).</exception>
    public Gru(Vars vars, int inputs, int units, GruOptions? options = null) : base(vars)
    {
        (Inputs, Units, Options) = (inputs, units, options ?? new GruOptions());
        var parameters = new RecurrentParameters(GruUnits.WeightBlocks, units, Options.Bias)
        {
            InputWeightInitializer = Options.InputWeightInitializer,
            HiddenWeightInitializer = Options.HiddenWeightInitializer,
            BiasInitializer = Options.BiasInitializer,
        };
        _stack = new RecurrentStack<GruUnits>("Gru", vars, inputs, parameters, Options.Layers, Options.Bidirectional, Options.Dropout);
    }

    /// <summary>Features of the input.</summary>
    public int Inputs { get; }

    /// <summary>Hidden units of each layer and direction.</summary>
    public int Units { get; }

    /// <summary>The settings.</summary>
    public GruOptions Options { get; }

    /// <summary>Runs whole sequences.</summary>
    /// <param name="input">[time, batch, inputs].</param>
    /// <param name="hidden">Hidden values before the first step, [layers * directions, batch, units]; null for zeros. Gradients flow to it.</param>
    /// <param name="lengths">
    /// Steps of each sequence, [batch], each in 0..time; null if all have time steps. Beyond its length a sequence keeps its state and
    /// gives zeros; the reverse direction starts at its last step. The padding must be finite numbers.
    /// </param>
    /// <returns>
    /// Hidden values of the last layer [time, batch, directions * units], and those of all layers after the last step
    /// [layers * directions, batch, units].
    /// </returns>
    /// <exception cref="ShapeException">Shapes do not fit, there are no steps, or a length is out of range.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public (Tensor Output, Tensor Hidden) Forward(Tensor input, Tensor? hidden = null, IndexTensor? lengths = null)
    {
        var output = _stack.Forward(input, hidden, null, lengths);
        return (output.Sequence, output.Hidden);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"Gru({Inputs} -> {(Options.Bidirectional ? "2 x " : "")}{Units}{(Options.Layers > 1 ? $", {Options.Layers} layers" : "")})";
}
