namespace GpuNets.Models;

/// <summary>
/// What the context module adds on real street scenes (section 5 and appendix A of the paper, at a size for two cores): a front end from
/// scratch on CamVid, a Basic and a Large module on its score maps, both parts trained on together; each without and with a dense CRF.
/// </summary>
public sealed class SegmentationExperiment : IExperiment
{
    private const string FrontRow = "front end", BasicRow = "+ Basic", LargeRow = "+ Large", JointRow = "+ Basic, joint", Crf = ", CRF";
    private const string CrfPrefix = "crf.";

    private readonly SegmentationOptions _options;

    /// <summary>The quick preset of <c>camvid</c>, shortened.</summary>
    public SegmentationExperiment() : this(SegmentationPresets.CamVidExperiment)
    {
    }

    /// <summary>The experiment on other data or with other numbers of updates, for tests.</summary>
    internal SegmentationExperiment(SegmentationOptions options) => _options = options;

    /// <inheritdoc/>
    public string Name => "camvid-context";

    /// <inheritdoc/>
    public string Description => "Front end, context modules, joint training and CRF on CamVid from scratch (Yu and Koltun 2016, arXiv 1511.07122)";

    /// <inheritdoc/>
    public IEnumerable<ExperimentRow> Run(Device device, ulong seed, CancellationToken cancellation = default)
    {
        _options.Validate();
        using var front = SegmentationRun.Open(Name, device, _options, seed);
        Train(front, cancellation);
        foreach (var row in Rows(FrontRow, front, cancellation)) yield return row;
        using (var basic = Context(front, ContextKind.Basic, cancellation))
        {
            foreach (var row in Rows(BasicRow, basic, cancellation)) yield return row;
            using var joint = basic.Then(_options, SegmentationStage.Joint);
            Train(joint, cancellation);
            foreach (var row in Rows(JointRow, joint, cancellation)) yield return row;
        }
        using var large = Context(front, ContextKind.Large, cancellation);
        foreach (var row in Rows(LargeRow, large, cancellation)) yield return row;
    }

    /// <inheritdoc/>
    /// <remarks>One seed says little: see <see cref="JudgeMeans"/>.</remarks>
    public IReadOnlyList<ExperimentMark> Judge(IReadOnlyList<ExperimentRow> rows) => [];

    /// <inheritdoc/>
    public IReadOnlyList<ExperimentMark> JudgeMeans(IReadOnlyList<IReadOnlyList<ExperimentRow>> seeds)
    {
        ArgumentNullException.ThrowIfNull(seeds);
        return
        [
            Gain("Basic", BasicRow, FrontRow),
            Gain("Large", LargeRow, FrontRow),
            Gain("Basic behind a CRF", BasicRow + Crf, FrontRow + Crf),
            Gain("joint training", JointRow, BasicRow),
        ];

        ExperimentMark Gain(string what, string row, string than)
        {
            double gain = Mean(row) - Mean(than);
            return new($"{what}: gains mIoU on the mean of the seeds", $"{Mean(row):0.00} - {Mean(than):0.00} = {gain:0.00}", gain > 0);
        }

        double Mean(string name) => seeds.Average(rows => rows.FirstOrDefault(row => row.Name == name)?.Measures["mIoU"]
            ?? throw new ArgumentException($"there is no row '{name}' among the {rows.Count} rows of a seed.", nameof(seeds)));
    }

    private SegmentationRun Context(SegmentationRun front, ContextKind kind, CancellationToken cancellation)
    {
        var context = front.Then(_options with { Context = _options.Context with { Kind = kind } }, SegmentationStage.Context);
        Train(context, cancellation);
        return context;
    }

    private static void Train(SegmentationRun run, CancellationToken cancellation)
    {
        for (long i = 0; i < run.Training.Steps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            run.Step(i, report: false);
        }
    }

    // What was measured without and with the CRF.
    private static IEnumerable<ExperimentRow> Rows(string name, SegmentationRun run, CancellationToken cancellation)
    {
        var all = run.Evaluate(cancellation);
        var plain = all.Where(pair => !pair.Key.StartsWith(CrfPrefix, StringComparison.Ordinal)).ToDictionary();
        yield return new ExperimentRow(name, plain);
        var sharp = all.Where(pair => pair.Key.StartsWith(CrfPrefix, StringComparison.Ordinal)).ToDictionary(pair => pair.Key[CrfPrefix.Length..], pair => pair.Value);
        if (sharp.Count > 0) yield return new ExperimentRow(name + Crf, sharp);
    }
}
