namespace GpuNets.Models;

/// <summary>A layer of the decoder: causal self-attention, attention to the encoder's output, feed-forward network (section 3.1).</summary>
internal sealed class TransformerDecoderLayer : Module
{
    private readonly MultiHeadAttention _self, _cross;
    private readonly FeedForward _feedForward;
    private readonly ResidualNorm _selfNorm, _crossNorm, _lastNorm;

    public TransformerDecoderLayer(Vars vars, TransformerOptions options) : base(vars)
    {
        _self = TransformerParts.Attention(vars["self_attn"], options, separate: false);
        _selfNorm = new ResidualNorm(vars["self_attn_layer_norm"], options);
        _cross = TransformerParts.Attention(vars["encoder_attn"], options, separate: true);
        _crossNorm = new ResidualNorm(vars["encoder_attn_layer_norm"], options);
        _feedForward = new FeedForward(vars, options);
        _lastNorm = new ResidualNorm(vars["final_layer_norm"], options);
    }

    /// <param name="x">[batch, time, size].</param>
    /// <param name="memory">The encoder's output, [batch, source time, size].</param>
    /// <param name="lengths">Source tokens of each sentence.</param>
    /// <param name="selfMaps">Takes the weights of self-attention, [batch, heads, time, time]; null if nobody looks.</param>
    /// <param name="crossMaps">Takes those of attention to the source, [batch, heads, time, source time].</param>
    public Tensor Forward(Tensor x, Tensor memory, IndexTensor lengths, Action<Tensor>? selfMaps, Action<Tensor>? crossMaps)
    {
        AttentionOptions causal = new() { Causal = CausalMask.FromStart }, source = new() { Lengths = lengths };
        selfMaps?.Invoke(_self.Weights(_selfNorm.Before(x), options: causal));
        x = _selfNorm.Apply(x, (input, residual) => _self.Forward(input, options: causal, residual: residual));
        crossMaps?.Invoke(_cross.Weights(_crossNorm.Before(x), memory, source));
        x = _crossNorm.Apply(x, (input, residual) => _cross.Forward(input, memory, options: source, residual: residual));
        return _lastNorm.Apply(x, _feedForward.Forward);
    }

    /// <summary>Empty caches for sentences and their beams.</summary>
    public TransformerLayerCache Cache(int sentences, int beams, int capacity, int sourceLength) =>
        new(_self.Cache(sentences * beams, capacity), _cross.Cache(sentences, sourceLength));

    /// <summary>Puts the keys and values of the encoder's output into a cache.</summary>
    public void Keep(Tensor memory, IndexTensor lengths, TransformerLayerCache cache) => _cross.Keep(memory, cache.Source, lengths);

    /// <summary>One more time step. All beams of a sentence look at one copy of its source.</summary>
    /// <param name="x">[sentences * beams, 1, size].</param>
    /// <param name="cache">Earlier steps and the source.</param>
    public Tensor Step(Tensor x, TransformerLayerCache cache)
    {
        x = _selfNorm.Apply(x, (input, residual) => _self.Decode(input, cache.Target, residual));
        var rows = x.Shape;
        int sentences = cache.Source.Batch;
        x = x.Reshape(sentences, rows[0] / sentences, rows[2]);
        x = _crossNorm.Apply(x, (input, residual) => _cross.Look(input, cache.Source, residual));
        return _lastNorm.Apply(x.Reshape(rows[0], 1, rows[2]), _feedForward.Forward);
    }

    protected override string Describe() => "TransformerDecoderLayer";
}
