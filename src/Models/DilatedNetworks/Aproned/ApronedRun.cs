using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A stage of an aproned-objects run: the front end, or the context module on it.</summary>
internal sealed class ApronedRun : TrainingTask, IModelRun
{
    private const int Shown = 6;

    private readonly ApronedOptions _options;
    private readonly ApronedImages _train, _test;
    private readonly Layer _network;
    private readonly ShuffledOrder _order;
    private ApronedRun? _following;

    private ApronedRun(ApronedOptions options, ApronedImages train, ApronedImages test, Vars vars, Layer network, ApronedStage stage, IReadOnlyList<Parameter> trained)
        : base(vars, stage.Optimizer(trained))
    {
        (_options, _train, _test, _network) = (options, train, test, network);
        _order = new ShuffledOrder(train.Count, stage.BatchSize, vars.Seed);
    }

    /// <inheritdoc/>
    public override string Name => IsFront ? "aproned-objects" : "aproned-objects-context";

    /// <inheritdoc/>
    public override object Options => _options;

    /// <inheritdoc/>
    public Module Model => _network;

    /// <inheritdoc/>
    public string Stage => IsFront ? "front" : "context";

    /// <inheritdoc/>
    public TrainerOptions Training => IsFront ? _options.Training : _options.ContextTraining;

    /// <inheritdoc/>
    public IModelRun? Following => IsFront ? _following ??= OpenContext() : null;

    /// <summary>The images to train on.</summary>
    public ApronedImages TrainImages => _train;

    /// <summary>The images to test on.</summary>
    public ApronedImages TestImages => _test;

    private bool IsFront => _network is SmallFrontEnd;

    public static ApronedRun Open(Device device, ApronedOptions options, ulong seed)
    {
        var vars = new Vars(device, seed);
        var front = new SmallFrontEnd(vars["front"], ApronedScenes.Classes);
        return new ApronedRun(
            options, options.Scenes.Generate(options.TrainImages, seed, "train"), options.Scenes.Generate(options.TestImages, seed, "test"), vars, front,
            options.Front, front.Parameters);
    }

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        int[] samples = _order.Batch(index);
        var device = Vars.Device;
        double loss = ApronedStage.Update(Optimizer, () => _network.Forward(_train.ImagesOn(device, samples)), () => _train.LabelsOn(device, samples), report);
        return report ? new StepResult(loss) : default;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default) =>
        ApronedScore.Of(Vars.Device, _test, samples => _network.Forward(_test.ImagesOn(Vars.Device, samples)), cancellation).Measures();

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder)
    {
        int[] samples = [.. Enumerable.Range(0, Math.Min(Shown, _test.Count))];
        int size = _test.Size, area = size * size;
        var score = new ApronedScore();
        using var scope = Vars.Device.Scope();
        float[] logits = _network.Forward(_test.ImagesOn(Vars.Device, samples)).ToArray();
        int logitCount = ApronedScenes.Classes * area;
        var predicted = samples.Select((sample, i) => score.Add(logits.AsSpan(i * logitCount, logitCount), _test.Labels(sample))).ToArray();
        string path = Path.Combine(folder, "scenes.png");
        new PanelPlot { Title = $"{Name}: classes 0 to 4 from black to white", XLabel = "pixels of test images side by side" }.Save(
            path,
            Panel("red", (i, pixel) => _test.Colours(i)[pixel], 1),
            Panel("blue", (i, pixel) => _test.Colours(i)[2 * area + pixel], 1),
            Panel("labels", (i, pixel) => _test.Labels(i)[pixel], 4),
            Panel("predicted", (i, pixel) => predicted[i][pixel], 4));
        return [path];

        MatrixPanel Panel(string title, Func<int, int, float> value, float white)
        {
            float[] values = new float[samples.Length * area];
            for (int i = 0; i < values.Length; i++)
            {
                int column = i / size, row = i % size;
                values[i] = value(column / size, row * size + column % size);
            }
            return new MatrixPanel(title, values, samples.Length * size, size) { Black = 0, White = white };
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _following?.Dispose();

    private ApronedRun OpenContext()
    {
        var vars = new Vars(Vars.Device, Seed);
        var network = new ApronedNetwork(vars, _options.Context);
        vars["front"].Load(Vars["front"].State());
        return new ApronedRun(_options, _train, _test, vars, network, _options.ContextStage, network.Context.Parameters);
    }
}
