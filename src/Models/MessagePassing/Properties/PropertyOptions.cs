using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A network that learns properties of molecules.</summary>
public sealed partial record PropertyOptions : IRunOptions
{
    /// <summary>The measure of the reports by which training stops and the best model is kept: the mean over targets of the validation error.</summary>
    public const string ValidationError = "validationError";

    /// <inheritdoc/>
    public TrainerOptions Training { get; init; } = new()
    {
        Steps = 1_000,
        ReportEvery = 100,
        CheckpointEvery = 0,
        EarlyStopping = new EarlyStopping { Metric = ValidationError },
    };

    /// <summary>Molecules and properties.</summary>
    public PropertyDataOptions Data { get; init; } = new();

    /// <summary>How molecules become graphs.</summary>
    public MoleculeGraphOptions Graph { get; init; } = new();

    /// <summary>The network; numbers of inputs, labels and outputs follow from the data.</summary>
    public MessagePassingOptions Model { get; init; } = new();

    /// <summary>Molecules per update.</summary>
    public int BatchSize { get; init; } = 20;

    /// <summary>Step size of Adam at first.</summary>
    public float LearningRate { get; init; } = 1.3e-4f;

    /// <summary>Share of the updates after which the step size begins to fall linearly.</summary>
    public double DecayStart { get; init; } = 0.3;

    /// <summary>F: what is left of the step size at the end.</summary>
    public double DecayFactor { get; init; } = 0.01;

    /// <summary>The gradient is scaled down to this norm; null for no limit.</summary>
    public float? ClipNorm { get; init; } = 4;

    /// <inheritdoc/>
    public IRunOptions WithSteps(long steps) => this with { Training = Training with { Steps = steps } };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names it.</exception>
    public void Validate()
    {
        Training.Validate();
        Data.Validate();
        Graph.Validate();
        if (!Graph.BothWays) throw new ArgumentException("Graph.BothWays is false, but messages need every edge both ways.");
        if (BatchSize < 1) throw new ArgumentException($"BatchSize is {BatchSize} but must be at least 1.");
        if (!(LearningRate > 0 && float.IsFinite(LearningRate))) throw new ArgumentException($"LearningRate is {LearningRate} but must be above 0.");
        if (!(DecayStart is >= 0 and <= 1)) throw new ArgumentException($"DecayStart is {DecayStart} but must lie in 0 to 1.");
        if (!(DecayFactor is >= 0 and <= 1)) throw new ArgumentException($"DecayFactor is {DecayFactor} but must lie in 0 to 1.");
        if (ClipNorm is not null and not > 0) throw new ArgumentException($"ClipNorm is {ClipNorm} but must be above 0, or null for none.");
        if (Model.Message == MessageKind.Matrices && Graph.Representation == EdgeRepresentation.RawDistance)
            throw new ArgumentException("Model.Message = Matrices needs labels, but Graph.Representation = RawDistance has none; take ChemicalGraph or DistanceBins.");
        Network(1).Validate();
    }

    /// <summary>The network for the data.</summary>
    internal MessagePassingOptions Network(int targets) => Model with
    {
        Inputs = Graph.AtomFeatureCount,
        EdgeInputs = Model.Message is MessageKind.EdgeNetwork or MessageKind.Pair or MessageKind.Concatenation or MessageKind.EdgeStates or MessageKind.Factors
            ? Graph.EdgeFeatureCount
            : 0,
        Labels = Model.Message == MessageKind.Matrices ? Graph.EdgeLabelCount : 0,
        Outputs = targets,
    };

    /// <summary>Adam with the linear decay of section 5.</summary>
    internal Optimizer Optimizer(IReadOnlyList<Parameter> parameters)
    {
        var (rate, steps) = (LearningRate, Math.Max(1, Training.Steps));
        double start = DecayStart * steps, fall = Math.Max(1, steps - start);
        return new Adam(parameters, rate)
        {
            ClipNorm = ClipNorm ?? float.PositiveInfinity,
            Schedule = step => (float)(rate * (1 - (1 - DecayFactor) * Math.Clamp((step - start) / fall, 0, 1))),
        };
    }
}
