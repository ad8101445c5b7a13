namespace GpuNets.Models;

/// <summary>
/// The Transformer (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762): an encoder and a decoder made of attention and feed-forward networks.
/// Tokens are ids, sequences [batch, time]; sources have lengths, and what lies behind them is never seen. Names of parameters are close to fairseq's.
/// </summary>
public sealed partial class Transformer : Module
{
    private readonly Embedding _source;
    private readonly Embedding? _target;   // null: the source's
    private readonly Linear? _output;      // null: the target's embedding
    private readonly Parameter? _outputBias;
    private readonly Tensor? _counts;      // 1 for each token of the vocabulary, 0 for the pad token
    private readonly PositionTable _sourcePositions, _targetPositions;
    private readonly TransformerEncoderLayer[] _encoder;
    private readonly TransformerDecoderLayer[] _decoder;
    private readonly LayerNorm? _encoderNorm, _decoderNorm;

    /// <summary>Makes the parameters.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="options">Sizes and variants; null for the base model.</param>
    /// <exception cref="ArgumentException">A setting is out of range; the message names it.</exception>
    public Transformer(Vars vars, TransformerOptions? options = null) : base(vars)
    {
        Options = options ?? new TransformerOptions();
        Options.Validate();
        var o = Options;
        var fill = o.Initialization == TransformerInitialization.Xavier ? Init.XavierUniform() : Init.Normal(1 / Math.Sqrt(o.Size));
        Vars encoder = vars["encoder"], decoder = vars["decoder"];
        _source = new Embedding(o.Sharing == EmbeddingSharing.All ? vars["embed_tokens"] : encoder["embed_tokens"], o.SourceVocabulary, o.Size, initializer: fill);
        _sourcePositions = new PositionTable(encoder["embed_positions"], o);
        _encoder = [.. Enumerable.Range(0, o.EncoderLayers).Select(i => new TransformerEncoderLayer(encoder["layers"][i], o))];
        _encoderNorm = o.Norm == NormPlacement.Pre ? TransformerParts.Norm(encoder["layer_norm"], o) : null;
        if (o.Sharing != EmbeddingSharing.All) _target = new Embedding(decoder["embed_tokens"], o.TargetVocabulary, o.Size, initializer: fill);
        _targetPositions = o.Positions == TransformerPositions.Learned ? new PositionTable(decoder["embed_positions"], o) : _sourcePositions;
        _decoder = [.. Enumerable.Range(0, o.DecoderLayers).Select(i => new TransformerDecoderLayer(decoder["layers"][i], o))];
        _decoderNorm = o.Norm == NormPlacement.Pre ? TransformerParts.Norm(decoder["layer_norm"], o) : null;
        if (o.Sharing == EmbeddingSharing.None)
            _output = new Linear(decoder["output_projection"], o.Size, o.TargetVocabulary, new LinearOptions { Bias = false, WeightInitializer = fill });
        _outputBias = o.OutputBias ? decoder["output_projection"].Parameter("bias", o.TargetVocabulary, Init.Zeros) : null;
        if (o.SmoothingForm != LabelSmoothingForm.OthersButPad) return;
        // Not of a scope: it lasts as long as the model.
        _counts = new Tensor([o.TargetVocabulary], vars.Device.Allocate(o.TargetVocabulary, $"tokens that count [{o.TargetVocabulary}]"));
        _counts.CopyFrom([.. Enumerable.Range(0, o.TargetVocabulary).Select(token => token == o.PadId ? 0f : 1f)]);
    }

    /// <summary>Sizes and variants.</summary>
    public TransformerOptions Options { get; }

    /// <summary>Where the parameters live.</summary>
    internal Device Device => Vars.Device;

    internal IReadOnlyList<TransformerDecoderLayer> DecoderLayers => _decoder;

    /// <summary>W of logits y W^T, [target vocabulary, size].</summary>
    private Parameter OutputWeight => _output?.Weight ?? (_target ?? _source).Weight;

    /// <summary>Reads sources.</summary>
    /// <param name="source">Ids, [batch, time], filled up behind the lengths with any id.</param>
    /// <param name="lengths">Tokens of each source, [batch], each in 0..time. Attention to a source without tokens adds nothing.</param>
    /// <returns>What the decoder looks at, [batch, time, size]; meaningless behind the lengths.</returns>
    /// <exception cref="ShapeException">A shape does not fit, a sequence is longer than MaxLength, or an id or a length is out of range.</exception>
    public Tensor Encode(IndexTensor source, IndexTensor lengths) => Encode(source, lengths, null);

    /// <summary>Reads targets with the source in view: step t sees targets 0 to t and all of the source.</summary>
    /// <param name="target">Ids, [batch, time], the first token ahead: what shall be said, shifted right by one.</param>
    /// <param name="memory">From <see cref="Encode(IndexTensor, IndexTensor)"/>.</param>
    /// <param name="lengths">Tokens of each source, [batch].</param>
    /// <returns>[batch, time, size]; <see cref="Logits"/> makes scores of them.</returns>
    /// <exception cref="ShapeException">A shape does not fit, a sequence is longer than MaxLength, or an id is out of range.</exception>
    public Tensor Decode(IndexTensor target, Tensor memory, IndexTensor lengths) => Decode(target, memory, lengths, null, null);

    /// <summary>Scores of the next token: y W^T, with a bias if the options say so.</summary>
    /// <param name="states">[..., size], from <see cref="Decode(IndexTensor, Tensor, IndexTensor)"/>.</param>
    /// <returns>[..., target vocabulary].</returns>
    /// <exception cref="ShapeException">The last axis has another size.</exception>
    public Tensor Logits(Tensor states) => states.MatMul(OutputWeight, transposeOther: true, bias: _outputBias);

    /// <summary>Scores of each next token of targets that are known: [batch, target time, target vocabulary].</summary>
    /// <param name="source">Ids, [batch, time].</param>
    /// <param name="lengths">Tokens of each source, [batch].</param>
    /// <param name="target">Ids, [batch, target time], shifted right by one.</param>
    /// <exception cref="ShapeException">A shape does not fit, a sequence is longer than MaxLength, or an id or a length is out of range.</exception>
    public Tensor Forward(IndexTensor source, IndexTensor lengths, IndexTensor target) => Logits(Decode(target, Encode(source, lengths), lengths));

    /// <summary>The scaled embedding of tokens at some places, with dropout.</summary>
    internal Tensor Embed(IndexTensor ids, int first, bool isTarget) =>
        Embed(ids, (isTarget ? _targetPositions : _sourcePositions).Rows(first, ids.Shape[1]), isTarget);

    private Tensor Embed(IndexTensor ids, Tensor? positions, bool isTarget)
    {
        var x = (isTarget ? _target ?? _source : _source).Forward(ids) * Options.Scale;
        return (positions is null ? x : x + positions).Dropout(Options.Dropout, Vars.Random);
    }

    /// <summary>One more step of each row, [rows, size].</summary>
    /// <param name="ids">The last token of each row, [rows, 1].</param>
    /// <param name="place">Number of that token, from 0.</param>
    /// <param name="caches">Of each layer.</param>
    internal Tensor Step(IndexTensor ids, int place, IReadOnlyList<TransformerLayerCache> caches) => Step(ids, Embed(ids, place, isTarget: true), caches);

    /// <summary>As the other one, for a step that is captured: nothing of it depends on numbers of the host.</summary>
    /// <param name="ids">The last token of each row, [rows, 1].</param>
    /// <param name="place">Number of that token, from <see cref="TransformerOptions.FirstPosition"/>, [1].</param>
    /// <param name="caches">Of each layer.</param>
    internal Tensor Step(IndexTensor ids, IndexTensor place, IReadOnlyList<TransformerLayerCache> caches) =>
        Step(ids, Embed(ids, _targetPositions.Rows(place), isTarget: true), caches);

    private Tensor Step(IndexTensor ids, Tensor x, IReadOnlyList<TransformerLayerCache> caches)
    {
        for (int i = 0; i < _decoder.Length; i++) x = _decoder[i].Step(x, caches[i]);
        return (_decoderNorm?.Forward(x) ?? x).Reshape(ids.Shape[0], Options.Size);
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"Transformer({Options.EncoderLayers} + {Options.DecoderLayers} layers, {Options.Size}, {Options.HiddenSize}, {Options.Heads} heads, {Options.Norm} norm)";

    private Tensor Encode(IndexTensor source, IndexTensor lengths, Action<Tensor>? maps)
    {
        CheckTokens("source", source, Options.SourceVocabulary);
        CheckLengths(lengths, source.Shape);
        var x = Embed(source, 0, isTarget: false);
        foreach (var layer in _encoder) x = layer.Forward(x, lengths, maps);
        return _encoderNorm?.Forward(x) ?? x;
    }

    private Tensor Decode(IndexTensor target, Tensor memory, IndexTensor lengths, Action<Tensor>? selfMaps, Action<Tensor>? crossMaps)
    {
        CheckTokens("target", target, Options.TargetVocabulary);
        if (memory.Shape.Rank != 3 || memory.Shape[0] != target.Shape[0] || memory.Shape[2] != Options.Size)
            throw new ShapeException("Transformer", $"the memory has shape {memory.Shape}, expected [{target.Shape[0]}, time, {Options.Size}] for the target {target.Shape}.");
        CheckLengths(lengths, memory.Shape);
        var x = Embed(target, 0, isTarget: true);
        foreach (var layer in _decoder) x = layer.Forward(x, memory, lengths, selfMaps, crossMaps);
        return _decoderNorm?.Forward(x) ?? x;
    }

    private void CheckTokens(string name, IndexTensor ids, int vocabulary)
    {
        if (ids.Shape.Rank != 2 || ids.Shape[1] == 0) throw new ShapeException("Transformer", $"the {name} has shape {ids.Shape}, expected [batch, time] with a token or more.");
        if (ids.Shape[1] > Options.MaxLength)
            throw new ShapeException("Transformer", $"the {name} has {ids.Shape[1]} tokens, but the options allow {Options.MaxLength} (MaxLength); cut or split it.");
        if (ids.Minimum < 0 || ids.Maximum >= vocabulary)
            throw new ShapeException("Transformer", $"the {name} has ids from {ids.Minimum} to {ids.Maximum}, but its vocabulary has 0 to {vocabulary - 1}; is it of another model?");
    }

    private static void CheckLengths(IndexTensor lengths, Shape source)
    {
        if (lengths.Shape != new Shape(source[0])) throw new ShapeException("Transformer", $"lengths have shape {lengths.Shape}, expected [{source[0]}].");
        if (lengths.Minimum < 0 || lengths.Maximum > source[1])
            throw new ShapeException("Transformer", $"lengths reach from {lengths.Minimum} to {lengths.Maximum}, expected 0 to {source[1]}.");
    }
}
