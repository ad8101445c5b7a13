using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>A copy run: of the machine, or of the baseline it is compared with.</summary>
internal sealed class NtmCopyRun : TrainingTask, IModelRun
{
    // Streams of data: training, reports and evaluation never see the same sequences.
    private const ulong ReportSeed = 0x9E3779B97F4A7C15, EvaluationSeed = 0xC2B2AE3D27D4EB4F;

    private readonly NtmCopyOptions _options;
    private readonly Device _device;
    private readonly Func<Tensor, Tensor> _forward;
    private readonly NeuralTuringMachine? _machine;
    private readonly Prefetcher<NtmBatch> _batches;
    private NtmCopyRun? _baseline;

    private NtmCopyRun(NtmCopyOptions options, Vars vars, Module model, Func<Tensor, Tensor> forward, string name, float learningRate)
        : base(vars, Create(options, vars, learningRate))
    {
        (_options, _device, _forward, Model, Name) = (options, vars.Device, forward, model, name);
        _machine = model as NeuralTuringMachine;
        _batches = new Prefetcher<NtmBatch>(index => options.Task.Generate(options.BatchSize, vars.Seed, index));
    }

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override object Options => _options;

    /// <inheritdoc/>
    public Module Model { get; }

    /// <inheritdoc/>
    public string Stage => _machine is null ? IModelRun.BaselineStage : "machine";

    /// <inheritdoc/>
    public TrainerOptions Training => _options.Training;

    /// <inheritdoc/>
    public IModelRun? Following
    {
        get
        {
            if (_baseline is not null || _machine is null || _options.BaselineWidth == 0) return _baseline;
            var vars = new Vars(_device, Seed);
            var baseline = new LstmBaseline(vars, _options.Task.Inputs, _options.BaselineWidth, _options.Task.Outputs);
            return _baseline = new NtmCopyRun(_options, vars, baseline, baseline.Forward, "lstm-copy", _options.BaselineLearningRate);
        }
    }

    public static NtmCopyRun Open(Device device, NtmCopyOptions options, ulong seed)
    {
        var vars = new Vars(device, seed);
        var machine = new NeuralTuringMachine(vars, options.Model);
        return new NtmCopyRun(options, vars, machine, machine.Forward, "ntm-copy", options.LearningRate);
    }

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        var batch = _batches.Get(index);
        double bits = double.NaN;
        using (var tape = _device.Record())
        {
            var loss = batch.Loss(_forward(batch.InputsOn(_device)));
            tape.Backward(loss);
            Optimizer.Step();
            if (report) bits = loss.Item() / Math.Log(2);
        }
        if (!report) return default;
        // One batch says little: its lengths differ from those of the next.
        var score = Measure(_options.Task, _options.ReportSequences, Seed ^ ReportSeed, index, batches: 8, CancellationToken.None);
        return new StepResult(bits, new Dictionary<string, double>
        {
            ["bitsPerSequence"] = score.Bits,
            ["bitErrorsPerSequence"] = score.BitErrors,
            ["exactSequences"] = score.Exact,
        });
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default)
    {
        int count = _options.EvaluationSequences;
        var metrics = new Dictionary<string, double>();
        var score = Measure(_options.Task, count, Seed ^ EvaluationSeed, 0, batches: 20, cancellation);
        (metrics["bitsPerSequence"], metrics["bitErrorsPerSequence"], metrics["exactSequences"]) = (score.Bits, score.BitErrors, score.Exact);
        foreach (var (label, task) in _options.Task.Generalisation)
        {
            var harder = Measure(task, count, Seed ^ EvaluationSeed, 1_000_000, batches: (count + 19) / 20, cancellation);
            (metrics[$"bitErrorsPerSequence@{label}"], metrics[$"exactSequences@{label}"]) = (harder.BitErrors, harder.Exact);
        }
        return metrics;
    }

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public void Dispose()
    {
        _batches.Dispose();
        _baseline?.Dispose();
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder)
    {
        using var scope = _device.Scope();
        var batch = _options.Task.AtLength(_options.Task.MaxLength).Generate(1, Seed ^ EvaluationSeed, 2_000_000);
        var inputs = batch.InputsOn(_device);
        NtmTrace? trace = null;
        var logits = _machine is null ? _forward(inputs) : _machine.Forward(inputs, out trace);
        float[] outputs = [.. logits.ToArray().Select((x, i) => batch.Mask[i / _options.Task.Outputs] == 0 ? 0f : 1 / (1 + MathF.Exp(-x)))];
        string path = Path.Combine(folder, "copy.png");
        List<MatrixPanel> panels =
        [
            new("inputs", batch.Inputs, batch.Time, _options.Task.Inputs) { Black = 0, White = 1 },
            new("targets", batch.Targets, batch.Time, _options.Task.Outputs) { Black = 0, White = 1 },
            new("outputs", outputs, batch.Time, _options.Task.Outputs) { Black = 0, White = 1 },
        ];
        if (trace is not null) panels.AddRange(Panels(trace));
        new PanelPlot { Title = $"{Name}, length {_options.Task.MaxLength}" }.Save(path, panels);
        return [path];
    }

    private IEnumerable<MatrixPanel> Panels(NtmTrace trace)
    {
        int rows = _options.Model.MemoryRows, columns = _options.Model.MemoryColumns;
        for (int head = 0; head < _options.Model.WriteHeads; head++)
        {
            yield return new($"adds of write head {head}", trace.Adds(0, head), trace.Time, columns);
            yield return new($"weightings of write head {head}", trace.WriteWeightings(0, head), trace.Time, rows) { Black = 0, White = 1 };
        }
        for (int head = 0; head < _options.Model.ReadHeads; head++)
        {
            yield return new($"reads of read head {head}", trace.Reads(0, head), trace.Time, columns);
            yield return new($"weightings of read head {head}", trace.ReadWeightings(0, head), trace.Time, rows) { Black = 0, White = 1 };
        }
    }

    private NtmScore Measure(INtmTask task, int sequences, ulong seed, long first, int batches, CancellationToken cancellation)
    {
        // Several batches, because all sequences of one have the same length.
        int size = (sequences + batches - 1) / batches;
        var scores = new List<NtmScore>();
        for (int i = 0; i < batches; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            using var scope = _device.Scope();
            var batch = task.Generate(size, seed, first * batches + i);
            scores.Add(batch.Score(_forward(batch.InputsOn(_device)).ToArray()));
        }
        return NtmScore.Join(scores);
    }

    private static Optimizer Create(NtmCopyOptions options, Vars vars, float learningRate)
    {
        Optimizer optimizer = options.Optimizer == NtmOptimizer.GravesRmsProp
            ? RmsProp.Graves(vars.Parameters, learningRate)
            : new Adam(vars.Parameters, learningRate);
        optimizer.ClipValue = options.ClipValue ?? float.PositiveInfinity;
        optimizer.ClipNorm = options.ClipNorm ?? float.PositiveInfinity;
        return optimizer;
    }
}
