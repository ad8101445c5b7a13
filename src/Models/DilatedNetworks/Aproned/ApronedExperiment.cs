namespace GpuNets.Models;

/// <summary>
/// The claims about the context module on the aproned objects: it resolves what the front end cannot see, with dilation and with the identity
/// initialisation, and not without. Front-end scores are computed once and all modules train on them.
/// </summary>
public sealed class ApronedExperiment : IExperiment
{
    private const string FrontRow = "front end alone", BeforeRow = "Basic, identity (eq. 4), before training", BasicRow = "Basic, identity (eq. 4)",
        XavierRow = "Basic, Xavier", UndilatedRow = "Basic, identity, all dilations 1 (sees 15)", ShortRow = "Basic, identity (eq. 4), batch 8, 150 updates",
        LargeRow = "Large, identity (eq. 5), batch 8, 150 updates";

    // The reference numbers are those of a prototype on scenes of its own (seed 0).
    private static readonly (string Name, Func<ContextOptions, ContextOptions> Change, bool IsShort, double[] Reference)[] s_modules =
    [
        (BasicRow, c => c, false, [98.9, 99.9, 99.9, 97.4, 97.5, 99.6]),
        ("Basic, identity + N(0, 0.01^2)", c => c with { Sigma = 0.01 }, false, [98.8]),
        (XavierRow, c => c with { Initialization = ContextInitialization.Xavier }, false, [73.6, 99.2, 99.3, 23.6, 49.1, 96.6]),
        ("Basic, N(0, 0.01^2) alone", c => c with { Initialization = ContextInitialization.Gaussian }, false, [8.3]),
        (UndilatedRow, c => c with { Dilations = [1, 1, 1, 1, 1, 1, 1] }, false, [69.9]),
        (ShortRow, c => c, true, [97.6, 99.9, 99.9, 94.7, 94.7, 99.0]),
        (LargeRow, c => c with { Kind = ContextKind.Large }, true, [98.1, 99.9, 99.9, 95.7, 95.7, 99.3]),
        ("Large, Xavier, batch 8, 150 updates", c => c with { Kind = ContextKind.Large, Initialization = ContextInitialization.Xavier }, true, [82.3, 95.4, 97.1, 64.1, 72.3, 82.8]),
    ];

    private readonly ApronedOptions _options;

    /// <summary>The experiment as it is specified.</summary>
    public ApronedExperiment() : this(new ApronedOptions())
    {
    }

    /// <summary>The experiment with other numbers of images or updates, for tests.</summary>
    internal ApronedExperiment(ApronedOptions options) => _options = options;

    /// <inheritdoc/>
    public string Name => "aproned-objects";

    /// <inheritdoc/>
    public string Description => "Context modules by kind, dilation and initialisation on images that need context (Yu and Koltun 2016, arXiv 1511.07122)";

    /// <inheritdoc/>
    public IEnumerable<ExperimentRow> Run(Device device, ulong seed, CancellationToken cancellation = default)
    {
        using var front = ApronedRun.Open(device, _options, seed);
        for (long i = 0; i < _options.Training.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            front.Step(i, report: false);
        }
        var bench = new ContextBench(front, cancellation);
        yield return Row(FrontRow, bench.FrontEnd(), [69.0, 99.7, 99.7, 48.1, 0.0, 97.7]);
        yield return Row(BeforeRow, bench.Train(_options.Context, _options.ContextStage, 0), [69.0]);
        foreach (var (name, change, isShort, reference) in s_modules)
        {
            long steps = isShort ? _options.ContextTraining.Steps / 4 : _options.ContextTraining.Steps;
            var stage = isShort ? _options.ContextStage with { BatchSize = Math.Max(1, _options.ContextStage.BatchSize / 2) } : _options.ContextStage;
            yield return Row(name, bench.Train(change(_options.Context), stage, steps), reference);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ExperimentMark> Judge(IReadOnlyList<ExperimentRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        double front = Mean(FrontRow), before = Mean(BeforeRow), basic = Mean(BasicRow), xavier = Mean(XavierRow);
        double undilated = Mean(UndilatedRow), brief = Mean(ShortRow), large = Mean(LargeRow);
        return
        [
            new("front end alone: mIoU 64 to 76", $"{front:0.00}", front is >= 64 and <= 76),
            new("Basic with identity initialisation: at least 95", $"{basic:0.00}", basic >= 95),
            new("identity at least 10 above Xavier", $"{basic:0.00} - {xavier:0.00} = {basic - xavier:0.00}", basic - xavier >= 10),
            new("without dilation: at most 78", $"{undilated:0.00}", undilated <= 78),
            new("identity before training: within 0.5 of the front end", $"{before:0.00} - {front:0.00} = {before - front:0.00}", Math.Abs(before - front) <= 0.5),
            new("Large at least as good as Basic with equal batches and updates", $"{large:0.00} - {brief:0.00} = {large - brief:0.00}", large >= brief),
        ];

        double Mean(string name) => rows.FirstOrDefault(row => row.Name == name)?.Measures["mIoU"]
            ?? throw new ArgumentException($"there is no row '{name}' among the {rows.Count} rows.", nameof(rows));
    }

    private static ExperimentRow Row(string name, ApronedScore score, double[] reference)
    {
        var measures = score.Measures();
        return new ExperimentRow(name, measures, measures.Keys.Zip(reference).ToDictionary(pair => pair.First, pair => pair.Second));
    }
}
