using GpuNets.Training;

namespace GpuNets.Models;

/// <summary>Trains a Transformer on pairs of sequences, whatever their task.</summary>
internal sealed class SequenceRun : TrainingTask, IModelRun, IRunFiles, ITranslator
{
    private const ulong BatchSeed = 0x9E3779B97F4A7C15;
    private const int Listed = 20, Drawn = 2;

    private readonly SequenceOptions _options;
    private readonly SequenceTokenizers _tokenizers;
    private readonly Transformer _model;
    private readonly SequenceJudge _judge;
    private readonly Lazy<EncodedCorpus> _corpus;
    private readonly GradientAccumulation _accumulation;
    private Prefetcher<TransformerBatch>? _batches;

    private SequenceRun(SequenceOptions options, Vars vars, SequenceTokenizers tokenizers, Transformer model, Lazy<ParallelCorpus> text)
        : base(vars, options.Create(vars.Parameters))
    {
        (_options, _tokenizers, _model) = (options, tokenizers, model);
        _accumulation = new GradientAccumulation(Optimizer);
        _judge = new SequenceJudge(options, tokenizers, model, this);
        _corpus = new(() => EncodedCorpus.Of(text.Value, tokenizers.Source, tokenizers.Target).UpTo(options.MaximumTokens));
    }

    /// <inheritdoc/>
    public override string Name => $"transformer {_options.Task.Name}";

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

    public static SequenceRun Open(Device device, SequenceOptions options, ulong seed, string? folder)
    {
        var text = new Lazy<ParallelCorpus>(() => options.Task.Open(CorpusSplit.Train));
        var tokenizers = folder is null ? null : SequenceTokenizers.Load(folder);
        if (tokenizers is null)
        {
            var (source, target) = options.Task.Learn(text.Value);
            tokenizers = new(source, target);
        }
        var vars = new Vars(device, seed);
        var model = new Transformer(vars, options.ModelFor(tokenizers.Source, tokenizers.Target));
        return new SequenceRun(options, vars, tokenizers, model, text);
    }

    /// <inheritdoc/>
    public override StepResult Step(long index, bool report)
    {
        int count = _options.BatchesPerUpdate;
        _batches ??= Batches(index * count);
        TransformerBatch[] batches = [.. Enumerable.Range(0, count).Select(k => _batches.Get(index * count + k))];
        double loss = _accumulation.Step(batches, batch => batch.TargetTokens, batch => _model.Loss(batch), report);
        return report ? new StepResult(loss, new Dictionary<string, double> { ["validationPerplexity"] = _judge.ReportPerplexity() }) : default;
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> Evaluate(CancellationToken cancellation = default) => _judge.Metrics(cancellation);

    /// <inheritdoc/>
    public DecodingOptions Decoding => _options.Decoding;

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> ScoreTranslations(CancellationToken cancellation = default) => _judge.Scores(cancellation);

    /// <inheritdoc/>
    public void LoadModel(StateDict model) => Vars.Load(model);

    /// <inheritdoc/>
    public void SaveFiles(string folder) => _tokenizers.Save(folder);

    /// <inheritdoc/>
    public IReadOnlyList<string> Plot(string folder) => [_judge.List(folder, Listed), .. _judge.Plot(folder, Drawn)];

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Translation>> Translate(IReadOnlyList<string> lines, DecodingOptions decoding, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        string[] read = [.. lines.Select(_options.Task.Read)];
        int[][] sources = [.. read.Select(line => _options.Source(_tokenizers.Source.Encode(line)))];
        for (int i = 0; i < sources.Length; i++)
            if (sources[i].Length > _model.Options.MaxLength) throw new LineTooLongException(i, sources[i].Length, _model.Options.MaxLength);
        // Lines without words are not asked for: the model never saw one.
        int[] asked = [.. Enumerable.Range(0, sources.Length).Where(i => sources[i].Length > _options.SourceMarks)];
        var results = new IReadOnlyList<Translation>[lines.Count];
        Array.Fill(results, [new Translation("", 0, 0)]);
        var found = new TransformerDecoder(_model, decoding).Decode([.. asked.Select(i => sources[i])], cancellation);
        for (int k = 0; k < asked.Length; k++)
            results[asked[k]] = [.. found[k].Select(best => new Translation(Text(read[asked[k]], best), best.LogProbability, best.Score))];
        return results;

        string Text(string source, Hypothesis best) => _options.Task.Write(source, _tokenizers.Target.Decode([.. best.Ids]), _tokenizers.Target.Vocabulary);
    }

    /// <inheritdoc/>
    public void Dispose() => _batches?.Dispose();

    private Prefetcher<TransformerBatch> Batches(long first)
    {
        var corpus = _corpus.Value;
        var source = new TokenBatches(corpus, _options.Batches, Seed ^ BatchSeed);
        return new(index => _options.Batch(_model.Options, corpus, source.Get(index)), first);
    }
}
