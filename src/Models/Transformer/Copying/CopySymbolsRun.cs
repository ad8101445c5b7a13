using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>
/// Learns to copy random sequences of symbols 1 to V - 1 that begin with 1. As in the Annotated Transformer there is no end token: the decoder reads the sequence
/// without its last symbol and has to say it without its first.
/// </summary>
internal sealed class CopySymbolsRun : TrainingTask, IModelRun
{
    // Training and evaluation never see the same sequences.
    private const ulong EvaluationSeed = 0xC2B2AE3D27D4EB4F;

    private readonly CopySymbolsOptions _options;
    private readonly Device _device;
    private readonly Transformer _model;

    private CopySymbolsRun(CopySymbolsOptions options, Vars vars, Transformer model) : base(vars, Create(options, vars)) =>
        (_options, _device, _model) = (options, vars.Device, model);

    /// <inheritdoc/>
    public override string Name => "copy-symbols";

    /// <inheritdoc/>
    public override object Options => _options;

    /// <inheritdoc/>
    public Module Model => _model;

    /// <inheritdoc/>
    public string Stage => "transformer";

    /// <inheritdoc/>
    public TrainerOptions Training => _options.Training;

    /// <inheritdoc/>
    public IModelRun? Following => null;

    public static CopySymbolsRun Open(Device device, CopySymbolsOptions options, ulong seed)
    {
        var vars = new Vars(device, seed);
        return new CopySymbolsRun(options, vars, new Transformer(vars, options.Model));
    }

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        int[] symbols = Draw(_options.BatchSize, Seed, index);
        double value;
        using (var tape = _device.Record())
        {
            var loss = Loss(symbols);
            tape.Backward(loss);
            Optimizer.Step();
            if (!report) return default;
            value = loss.Item();
        }
        return new StepResult(value, Evaluate());
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default)
    {
        int count = _options.EvaluationSequences, time = _options.Length;
        int[] symbols = Draw(count, Seed ^ EvaluationSeed, 0), copies = Greedy(symbols);
        int exact = 0, right = 0;
        for (int i = 0; i < count; i++)
        {
            int same = symbols.AsSpan(i * time + 1, time - 1).ToArray().Zip(copies.AsSpan(i * (time - 1), time - 1).ToArray()).Count(pair => pair.First == pair.Second);
            right += same;
            if (same == time - 1) exact++;
        }
        using var scope = _device.Scope();
        return new Dictionary<string, double>
        {
            ["testLoss"] = Loss(symbols).Item(),
            ["exactCopies"] = (double)exact / count,
            ["rightSymbols"] = (double)right / count / (time - 1),
        };
    }

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder)
    {
        int[] symbols = Draw(1, Seed ^ EvaluationSeed, 1);
        // The decoder reads the first token of its own accord: the target is what follows in the sequence.
        var maps = _model.Attend(symbols, symbols[1..^1]);
        string path = Path.Combine(folder, "attention.png");
        new PanelPlot { Title = "copy-symbols: where each head looks" }.Save(path,
        [
            .. Panels("encoder", maps.Encoder, maps.SourceTime, maps.SourceTime), .. Panels("decoder", maps.Decoder, maps.TargetTime, maps.TargetTime),
            .. Panels("cross", maps.Cross, maps.TargetTime, maps.SourceTime),
        ]);
        return [path];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private IEnumerable<MatrixPanel> Panels(string name, IReadOnlyList<float[]> layers, int rows, int columns) =>
        from layer in Enumerable.Range(0, layers.Count)
        from head in Enumerable.Range(0, _options.Model.Heads)
        select new MatrixPanel($"{name} {layer}, head {head}", layers[layer][(head * rows * columns)..((head + 1) * rows * columns)], rows, columns) { Black = 0, White = 1 };

    private int[] Draw(int count, ulong seed, long index)
    {
        var random = new Philox(seed).Fork($"symbols {index}");
        int time = _options.Length;
        return [.. Enumerable.Range(0, count * time).Select(i => i % time == 0 ? 1 : 1 + random.Below((uint)i, _options.Model.SourceVocabulary - 1))];
    }

    private Tensor Loss(int[] symbols)
    {
        int time = _options.Length, count = symbols.Length / time;
        var logits = _model.Forward(
            _device.Indices(symbols, (count, time)), _device.Indices([.. Enumerable.Repeat(time, count)], count),
            _device.Indices([.. symbols.Where((_, i) => i % time != time - 1)], (count, time - 1)));
        return logits.CrossEntropy(_device.Indices([.. symbols.Where((_, i) => i % time != 0)], (count, time - 1)), _options.Model.PadId, _options.Model.LabelSmoothing);
    }

    // No end token: as many steps as the sequence has symbols more.
    private int[] Greedy(int[] symbols)
    {
        int time = _options.Length, count = symbols.Length / time;
        using var state = new DecoderState(_model, [.. symbols.Chunk(time)], beams: 1);
        int[] copies = new int[count * (time - 1)], last = [.. Enumerable.Repeat(1, count)];
        for (int t = 0; t < time - 1; t++)
        {
            using var scope = _device.Scope();
            last = state.Step(_device.Indices(last, (count, 1))).ArgMax().ToArray();
            for (int i = 0; i < count; i++) copies[i * (time - 1) + t] = last[i];
        }
        return copies;
    }

    private static Adam Create(CopySymbolsOptions options, Vars vars) => new(vars.Parameters, 1, 0.9f, 0.98f, 1e-9f)
    {
        Schedule = Schedules.InverseSquareRoot(options.Model.Size, options.Warmup, options.Factor),
    };
}
