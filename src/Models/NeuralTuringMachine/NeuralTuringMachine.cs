namespace GpuNets.Models;

/// <summary>
/// Neural Turing Machine (Graves, Wayne and Danihelka 2014, arXiv 1410.5401): a controller network that reads and writes a memory matrix
/// through soft attention.
/// </summary>
public sealed class NeuralTuringMachine : Module
{
    private readonly NtmWeights _weights;

    /// <summary>Makes the machine's parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="options">Sizes and arithmetic.</param>
    /// <exception cref="ArgumentException">The options do not fit each other.</exception>
    public NeuralTuringMachine(Vars vars, NtmOptions options) : base(vars)
    {
        options.Validate();
        Options = options;
        _weights = new NtmWeights(vars, options);
    }

    /// <summary>Sizes and arithmetic.</summary>
    public NtmOptions Options { get; }

    /// <summary>Runs sequences from the initial state.</summary>
    /// <param name="inputs">[time, batch, Inputs].</param>
    /// <returns>Logits of the output bits: [time, batch, Outputs].</returns>
    /// <exception cref="ShapeException">The inputs have another shape.</exception>
    public Tensor Forward(Tensor inputs)
    {
        if (Options.Form == NtmForm.Steps) return Clip(NtmStepForm.Run(Options.Sizes(), _weights.Tensors(), inputs));
        var (logits, run) = NtmSequenceOp.Apply(Options.Sizes(), _weights.Tensors(), inputs);
        run.Release();
        return Clip(logits);
    }

    /// <summary>Runs sequences in the persistent form and keeps what the heads did.</summary>
    /// <inheritdoc cref="Forward(Tensor)"/>
    /// <param name="inputs">[time, batch, Inputs].</param>
    /// <param name="trace">Weightings, reads and adds of every step.</param>
    public Tensor Forward(Tensor inputs, out NtmTrace trace)
    {
        var (logits, run) = NtmSequenceOp.Apply(Options.Sizes(), _weights.Tensors(), inputs);
        trace = new NtmTrace(run);
        run.Release();
        return Clip(logits);
    }

    private Tensor Clip(Tensor logits) => Options.LogitClip is { } bound ? logits.Clamp(-bound, bound) : logits;

    /// <inheritdoc/>
    protected override string Describe() =>
        $"NeuralTuringMachine({Options.Inputs} -> {Options.Outputs}, {Options.Controller} {Options.ControllerLayers} x {Options.ControllerWidth}, " +
        $"memory {Options.MemoryRows} x {Options.MemoryColumns}, {Options.ReadHeads} read, {Options.WriteHeads} write)";
}
