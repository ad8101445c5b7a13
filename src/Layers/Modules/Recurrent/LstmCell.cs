using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// One step of long short-term memory; see <see cref="Lstm"/> for the formula. For models that do something between steps; whole
/// sequences are faster in one <see cref="Lstm"/>. Parameters as in PyTorch: weight_ih, weight_hh, bias_ih, bias_hh.
/// </summary>
public sealed class LstmCell : Module
{
    private readonly RecurrentWeights _weights;

    /// <summary>Creates the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Features of the input.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is below 1, or a forget bias is set without biases.</exception>
    public LstmCell(Vars vars, int inputs, int units, LstmCellOptions? options = null) : base(vars)
    {
        (Inputs, Units, Options) = (inputs, units, options ?? new LstmCellOptions());
        var parameters = new RecurrentParameters(LstmUnits.WeightBlocks, units, Options.Bias)
        {
            FixedBlock = 1,   // i, f, g, o
            FixedBias = Options.ForgetBias,
            InputWeightInitializer = Options.InputWeightInitializer,
            HiddenWeightInitializer = Options.HiddenWeightInitializer,
            BiasInitializer = Options.BiasInitializer,
        };
        RecurrentParameters.Check("LstmCell", inputs, units, Options.Bias, Options.ForgetBias);
        _weights = parameters.Create(vars, "", inputs);
    }

    /// <summary>Features of the input.</summary>
    public int Inputs { get; }

    /// <summary>Hidden units.</summary>
    public int Units { get; }

    /// <summary>The settings.</summary>
    public LstmCellOptions Options { get; }

    /// <summary>Does one step.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="state">State before the step, [batch, units] each; null for zeros.</param>
    /// <returns>The state after it; its hidden values are the output.</returns>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public LstmState Forward(Tensor input, LstmState? state = null)
    {
        state ??= new LstmState(RecurrentWeights.Zeros("LstmCell", input, Units), RecurrentWeights.Zeros("LstmCell", input, Units));
        var (hidden, cell) = RecurrentCellOp<LstmUnits>.Apply("LstmCell", input, state.Value.Hidden, state.Value.Cell, _weights);
        return new LstmState(hidden, cell!);
    }

    /// <inheritdoc/>
    protected override string Describe() => $"LstmCell({Inputs} -> {Units})";
}
