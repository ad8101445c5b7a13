using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// One step of gated recurrent units; see <see cref="Gru"/> for the formula. For models that do something between steps; whole
/// sequences are faster in one <see cref="Gru"/>. Parameters as in PyTorch: weight_ih, weight_hh, bias_ih, bias_hh.
/// </summary>
public sealed class GruCell : Module
{
    private readonly RecurrentWeights _weights;

    /// <summary>Creates the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Features of the input.</param>
    /// <param name="units">Hidden units.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentException">A size is below 1.</exception>
    public GruCell(Vars vars, int inputs, int units, GruCellOptions? options = null) : base(vars)
    {
        (Inputs, Units, Options) = (inputs, units, options ?? new GruCellOptions());
        var parameters = new RecurrentParameters(GruUnits.WeightBlocks, units, Options.Bias)
        {
            InputWeightInitializer = Options.InputWeightInitializer,
            HiddenWeightInitializer = Options.HiddenWeightInitializer,
            BiasInitializer = Options.BiasInitializer,
        };
        RecurrentParameters.Check("GruCell", inputs, units, Options.Bias);
        _weights = parameters.Create(vars, "", inputs);
    }

    /// <summary>Features of the input.</summary>
    public int Inputs { get; }

    /// <summary>Hidden units.</summary>
    public int Units { get; }

    /// <summary>The settings.</summary>
    public GruCellOptions Options { get; }

    /// <summary>Does one step.</summary>
    /// <param name="input">[batch, inputs].</param>
    /// <param name="hidden">Hidden values before the step, [batch, units]; null for zeros.</param>
    /// <returns>Hidden values after it, [batch, units].</returns>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public Tensor Forward(Tensor input, Tensor? hidden = null) =>
        RecurrentCellOp<GruUnits>.Apply("GruCell", input, hidden ?? RecurrentWeights.Zeros("GruCell", input, Units), null, _weights).Hidden;

    /// <inheritdoc/>
    protected override string Describe() => $"GruCell({Inputs} -> {Units})";
}
