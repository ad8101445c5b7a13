using System.Text.Json;
using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Trains a message passing network on properties of molecules.</summary>
internal sealed class PropertyRun : TrainingTask, IModelRun, IRunFiles, IPropertyPredictor
{
    private const string TargetsFile = "targets.json";

    private readonly string _name;
    private readonly PropertyOptions _options;
    private readonly MessagePassingNetwork _network;
    private readonly PropertyPredictor _predictor;
    private readonly Lazy<PropertyMolecules> _train, _validation, _test;
    private Prefetcher<(MoleculeGraph[] Graphs, float[] Values)>? _batches;

    private PropertyRun(
        string name, PropertyOptions options, Vars vars, MessagePassingNetwork network, IReadOnlyList<MoleculeTarget> targets,
        Func<CorpusSplit, Lazy<PropertyMolecules>> parts) : base(vars, options.Optimizer(vars.Parameters))
    {
        (_name, _options, _network) = (name, options, network);
        _predictor = new PropertyPredictor(network, vars.Device, targets);
        (_train, _validation, _test) = (parts(CorpusSplit.Train), parts(CorpusSplit.Validation), parts(CorpusSplit.Test));
    }

    /// <inheritdoc/>
    public override string Name => _name;

    /// <inheritdoc/>
    public override object Options => _options;

    /// <inheritdoc/>
    public Module Model => _network;

    /// <inheritdoc/>
    public string Stage => "network";

    /// <inheritdoc/>
    public TrainerOptions Training => _options.Training;

    /// <inheritdoc/>
    public IModelRun? Following => null;

    /// <inheritdoc/>
    public IReadOnlyList<MoleculeTarget> Targets => _predictor.Targets;

    public static PropertyRun Open(string name, Device device, PropertyOptions options, ulong seed, string? folder)
    {
        options.Validate();
        var qm9 = new Lazy<Qm9DataSet>(() => options.Data.OpenQm9(seed));
        var parts = Enum.GetValues<CorpusSplit>().ToDictionary(
            split => split,
            split => new Lazy<PropertyMolecules>(() =>
                PropertyMolecules.Open(options.Data, options.Graph, split, seed, options.Data.Source == PropertySource.Generated ? null : qm9.Value)));
        var targets = folder is null ? null : Read(folder);
        targets ??= Standardize(options.Data, parts[CorpusSplit.Train].Value);
        var vars = new Vars(device, seed);
        var network = new MessagePassingNetwork(vars, options.Network(targets.Length));
        return new PropertyRun(name, options, vars, network, targets, split => parts[split]);
    }

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        _batches ??= Batches(index);
        var (graphs, values) = _batches.Get(index);
        var device = Vars.Device;
        double loss;
        using (var tape = device.Record())
        {
            // Mean squared error of standardised targets.
            var error = _network.Forward(MoleculeInput.Of(device, _network.Options, graphs)).MeanSquaredError(device.Tensor(values, (graphs.Length, Targets.Count)));
            tape.Backward(error);
            Optimizer.Step();
            if (!report) return default;
            loss = error.Item();
        }
        return new StepResult(loss, new Dictionary<string, double> { [PropertyOptions.ValidationError] = MeanRatio(_validation.Value) });
    }

    /// <summary>Mean over the targets of error over chemical accuracy, or over the deviation.</summary>
    public double MeanRatio(PropertyMolecules molecules) => _predictor.Errors(molecules).Select(_predictor.Ratio).Average();

    /// <summary>Mean absolute error over the deviation of the targets, on the test molecules.</summary>
    public double TestError(CancellationToken cancellation) => _predictor.Errors(_test.Value, cancellation)[0] / Targets[0].Deviation;

    /// <summary>The same of the prediction that all molecules are as the mean.</summary>
    public double MeanError() => _test.Value.Values.Average(value => Math.Abs(value - Targets[0].Mean)) / Targets[0].Deviation;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default)
    {
        double[] errors = _predictor.Errors(_test.Value, cancellation);
        var metrics = new Dictionary<string, double>();
        for (int t = 0; t < errors.Length; t++)
        {
            var target = Targets[t];
            metrics[$"{target.Name}.mae"] = errors[t];
            metrics[$"{target.Name}.{(target.ChemicalAccuracy is null ? "maeOverDeviation" : "ratio")}"] = _predictor.Ratio(errors[t], t);
        }
        if (errors.Length > 1) metrics["mean.ratio"] = errors.Select(_predictor.Ratio).Average();
        return metrics;
    }

    /// <inheritdoc/>
    public string? Refuses(Molecule molecule)
    {
        ArgumentNullException.ThrowIfNull(molecule);
        try
        {
            _ = new MoleculeGraph(molecule, _options.Graph);
            return null;
        }
        catch (MoleculeException e)
        {
            return e.Problem;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<double[]> Predict(IReadOnlyList<Molecule> molecules, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(molecules);
        return [.. _predictor.Predict(molecules.Count, i => new MoleculeGraph(molecules[i], _options.Graph), cancellation).Chunk(Targets.Count)];
    }

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public void SaveFiles(string folder) =>
        AtomicFile.WriteText(Path.Combine(folder, TargetsFile), JsonSerializer.Serialize(_predictor.Targets, RunRecord.Json));

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder)
    {
        var test = _test.Value;
        double[] found = _predictor.Predict(test.Count, i => test.Graphs([i])[0]), shares = [.. Enumerable.Range(1, test.Count).Select(i => 100.0 * i / test.Count)];
        string path = Path.Combine(folder, "errors.png");
        new CurvePlot { Title = $"{Name}: errors of test molecules", XLabel = "% of molecules with at most this error", YLabel = "error over chemical accuracy or deviation", Logarithmic = true }
            .Save(path, [.. Enumerable.Range(0, Targets.Count).Select(t => new Curve(Targets[t].Name, shares, [.. Enumerable.Range(0, test.Count)
                .Select(i => Math.Max(1e-6, _predictor.Ratio(Math.Abs(found[i * Targets.Count + t] - test.Values[i * Targets.Count + t]), t))).Order()]))]);
        return [path];
    }

    /// <inheritdoc/>
    public void Dispose() => _batches?.Dispose();

    private Prefetcher<(MoleculeGraph[] Graphs, float[] Values)> Batches(long first)
    {
        var train = _train.Value;
        var order = new ShuffledOrder(train.Count, _options.BatchSize, Seed);
        return new(index =>
        {
            int[] samples = order.Batch(index);
            float[] values = new float[samples.Length * Targets.Count];
            for (int i = 0; i < values.Length; i++)
            {
                var target = Targets[i % Targets.Count];
                values[i] = (float)((train.Values[samples[i / Targets.Count] * Targets.Count + i % Targets.Count] - target.Mean) / target.Deviation);
            }
            return (train.Graphs(samples), values);
        }, first);
    }

    private static MoleculeTarget[] Standardize(PropertyDataOptions data, PropertyMolecules train)
    {
        if (data.Source == PropertySource.Generated)
        {
            var one = TargetStandardization.Of(train.Values);
            return [new MoleculeTarget("R2", "Angstrom^2", one.Means[0], one.Deviations[0])];
        }
        var infos = data.Qm9Targets();
        var scale = TargetStandardization.Of(train.Values, infos.Count);
        return [.. infos.Select((info, t) => new MoleculeTarget(info.Name, info.Unit, scale.Means[t], scale.Deviations[t], info.ChemicalAccuracy))];
    }

    private static MoleculeTarget[]? Read(string folder)
    {
        string path = Path.Combine(folder, TargetsFile);
        return File.Exists(path) ? JsonSerializer.Deserialize<MoleculeTarget[]>(File.ReadAllText(path), RunRecord.Json) : null;
    }
}
