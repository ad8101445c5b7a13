namespace GpuNets.Models;

/// <summary>
/// What distances are worth (the paper's table 10 on a target of geometry): enn-s2s and gated graph networks on generated molecules, with bonds
/// only, bins of distances or distances, with and without hydrogens as atoms. Errors are mean absolute errors over the deviation of the target.
/// </summary>
public sealed class MoleculesExperiment : IExperiment
{
    private const string MeanRow = "predict the mean", BondsRow = "GG-NN, bonds only, sparse graph, gated sum", TopologyRow = "enn-s2s, bonds only, complete graph",
        BinsRow = "GG-NN, 14 labels of distance bins, complete graph, gated sum", HeavyRow = "enn-s2s, distances, heavy atoms only", FullRow = "enn-s2s, distances, explicit hydrogens";

    // The reference numbers are those of a prototype on molecules of its own.
    private static readonly (string Name, PropertyOptions Options, double Reference)[] s_models =
    [
        (BondsRow, PropertyOptions.GeneratedBonds, 0.400), (TopologyRow, PropertyOptions.GeneratedTopology, 0.400), (BinsRow, PropertyOptions.GeneratedBins, 0.067),
        (HeavyRow, PropertyOptions.GeneratedHeavy, 0.074), (FullRow, PropertyOptions.Generated, 0.064),
    ];

    private readonly Func<PropertyOptions, PropertyOptions> _change;

    /// <summary>The experiment as it is specified.</summary>
    public MoleculesExperiment() : this(options => options)
    {
    }

    /// <summary>The experiment with other numbers of molecules or updates, for tests.</summary>
    internal MoleculesExperiment(Func<PropertyOptions, PropertyOptions> change) => _change = change;

    /// <inheritdoc/>
    public string Name => "molecules";

    /// <inheritdoc/>
    public string Description => "Message passing with and without distances on generated molecules (Gilmer et al. 2017, arXiv 1704.01212)";

    /// <inheritdoc/>
    public IEnumerable<ExperimentRow> Run(Device device, ulong seed, CancellationToken cancellation = default)
    {
        bool first = true;
        foreach (var (name, options, reference) in s_models)
        {
            using var run = PropertyRun.Open(Name, device, _change(options), seed, folder: null);
            if (first) yield return Row(MeanRow, run.MeanError(), 0.840);
            first = false;
            for (long i = 0; i < run.Training.Steps; i++)
            {
                cancellation.ThrowIfCancellationRequested();
                run.Step(i, report: false);
            }
            yield return Row(name, run.TestError(cancellation), reference);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ExperimentMark> Judge(IReadOnlyList<ExperimentRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        double bonds = Error(BondsRow), topology = Error(TopologyRow), heavy = Error(HeavyRow), full = Error(FullRow);
        return
        [
            new("enn-s2s with distances: at most 0.10", $"{full:0.000}", full <= 0.10),
            new("enn-s2s without distances: 0.30 to 0.50", $"{topology:0.000}", topology is >= 0.30 and <= 0.50),
            new("GG-NN without distances: 0.30 to 0.50", $"{bonds:0.000}", bonds is >= 0.30 and <= 0.50),
            new("without distances at least 4 times the error with them", $"{topology:0.000} / {full:0.000} = {topology / full:0.0}", topology / full >= 4),
            new("explicit hydrogens no worse than heavy atoms only + 0.01", $"{full:0.000} and {heavy:0.000}", full <= heavy + 0.01),
        ];

        double Error(string name) => rows.FirstOrDefault(row => row.Name == name)?.Measures["MAE/std"]
            ?? throw new ArgumentException($"there is no row '{name}' among the {rows.Count} rows.", nameof(rows));
    }

    private static ExperimentRow Row(string name, double error, double reference) =>
        new(name, new Dictionary<string, double> { ["MAE/std"] = error }, new Dictionary<string, double> { ["MAE/std"] = reference });
}
