using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>One stage of training a segmentation network.</summary>
internal sealed class SegmentationRun : TrainingTask, IModelRun, ISegmenter
{
    private const ulong BatchSeed = 0x9E3779B97F4A7C15;

    private readonly string _recipe;
    private readonly SegmentationOptions _options;
    private readonly SegmentationStage _stage;
    private readonly SegmentationStageOptions _settings;
    private readonly DilatedNetwork _network;
    private readonly ISegmentationData _training;
    private readonly SegmentationJudge _judge;
    private readonly SegmentationBatches _source;
    private Prefetcher<SegmentationBatch>? _batches;
    private ScoreMaps? _maps;
    private SegmentationRun? _following;

    private SegmentationRun(
        string recipe, SegmentationOptions options, SegmentationStage stage, Vars vars, DilatedNetwork network, ISegmentationData training, SegmentationJudge judge)
        : base(vars, options.Of(stage).Create(network.Trainable))
    {
        (_recipe, _options, _stage, _settings, _network, _training, _judge) = (recipe, options, stage, options.Of(stage), network, training, judge);
        var geometry = Geometry(network.Front);
        var (width, height) = _settings.CropCells is { } cells ? (cells, cells) : Whole(geometry, training);
        _source = new SegmentationBatches(training, new SegmentationBatchOptions
        {
            Size = _settings.BatchSize,
            CropWidth = geometry.InputOf(width),
            CropHeight = geometry.InputOf(height),
            Geometry = geometry,
            Normalization = options.Normalization,
            RandomCrop = _settings.CropCells is not null,
        }, vars.Seed ^ BatchSeed ^ (ulong)stage);
    }

    /// <inheritdoc/>
    public override string Name => $"{_recipe} {Stage}";

    /// <inheritdoc/>
    public override object Options => _options;

    /// <inheritdoc/>
    public Module Model => _network;

    /// <inheritdoc/>
    public string Stage => _stage switch { SegmentationStage.FrontEnd => "front-end", SegmentationStage.Context => "context", _ => "joint" };

    /// <inheritdoc/>
    public TrainerOptions Training => _settings.Training;

    /// <inheritdoc/>
    public IModelRun? Following
    {
        get
        {
            if (_following is not null) return _following;
            for (var stage = _stage + 1; stage <= SegmentationStage.Joint; stage++)
            {
                if (_options.Of(stage).Training.Steps == 0) continue;
                return _following = Then(_options, stage);
            }
            return null;
        }
    }

    /// <summary>The first stage of a run.</summary>
    public static SegmentationRun Open(string recipe, Device device, SegmentationOptions options, ulong seed)
    {
        var training = options.Data.OpenTraining();
        return Start(recipe, options, SegmentationStage.FrontEnd, device, seed, training, new SegmentationJudge(options, options.Data.OpenEvaluation()), null);
    }

    /// <summary>A later stage that starts from what this one has learned; on the same pictures, whatever the options say of data.</summary>
    public SegmentationRun Then(SegmentationOptions options, SegmentationStage stage) =>
        Start(_recipe, options, stage, Vars.Device, Seed, _training, _judge, Vars.State());

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        double loss = double.NaN;
        using (var tape = Vars.Device.Record())
        {
            var value = Loss(index);
            tape.Backward(value);
            Optimizer.Step();
            if (report) loss = value.Item();
        }
        if (!report) return default;
        var counts = _judge.Count(_network, _options.ReportPictures, CancellationToken.None);
        return new StepResult(loss, new Dictionary<string, double> { ["mIoU"] = 100 * counts.MeanIoU(), ["pixelAccuracy"] = 100 * counts.PixelAccuracy });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default) => _judge.Metrics(_network, cancellation);

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder) => _judge.Plot(_network, folder, Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches?.Dispose();
        _following?.Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> ClassNames => _training.ClassNames;

    /// <inheritdoc/>
    public Palette Palette => _training.Palette;

    /// <inheritdoc/>
    public SegmentationPrediction Predict(RgbImage image) => _judge.Predict(_network, image);

    /// <inheritdoc/>
    public LabelMap Sharpen(SegmentationPrediction prediction, RgbImage image) => _judge.Sharpen(Vars.Device, prediction.Probabilities, image);

    internal static CellGeometry Geometry(VggFrontEnd front) => new(front.Geometry.Margin, front.Geometry.Stride);

    private static SegmentationRun Start(
        string recipe, SegmentationOptions options, SegmentationStage stage, Device device, ulong seed, ISegmentationData training, SegmentationJudge judge, StateDict? learned)
    {
        var vars = new Vars(device, seed);
        var network = new DilatedNetwork(vars, options.Network(stage, training.ClassNames.Count));
        if (learned is null) LoadFront(network.Front, options.FrontWeights);
        else
        {
            // What an earlier stage had not keeps its first values.
            foreach (var parameter in vars.Parameters)
                if (learned.TryGet(parameter.Path, out var tensor)) parameter.Assign(tensor!.ToFloats());
        }
        return new SegmentationRun(recipe, options, stage, vars, network, training, judge);
    }

    private static void LoadFront(VggFrontEnd front, string? file)
    {
        if (file is null) return;
        var state = StateDict.Load(file);
        if (state.TryGet("features.0.weight", out _)) TorchvisionVgg.Load(front, state);
        else ReleasedDilation.Load(front, state);
    }

    private static (int Width, int Height) Whole(CellGeometry geometry, ISegmentationData data)
    {
        var image = data.Read(0).Image;
        return (geometry.CellsToCover(image.Width), geometry.CellsToCover(image.Height));
    }

    // The mean over cells with a class; those without add nothing.
    private Tensor Loss(long index)
    {
        var device = Vars.Device;
        if (_stage == SegmentationStage.Context && _settings.CropCells is null)
        {
            _maps ??= new ScoreMaps(_network.Front, _source, _training.Count, Seed ^ BatchSeed);
            var (scores, classes) = _maps.Batch(device, _settings.BatchSize, index);
            return _network.Context!.Forward(scores).CrossEntropy(classes, LabelMap.Void, axis: 1);
        }
        _batches ??= new Prefetcher<SegmentationBatch>(_source.Get, index);
        using var batch = _batches.Get(index);
        var (images, labels) = batch.Upload(device);
        return _network.Forward(images).CrossEntropy(labels, LabelMap.Void, axis: 1);
    }
}
