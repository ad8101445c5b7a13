namespace GpuNets.Models;

/// <summary>A layer of the encoder: self-attention, then a feed-forward network (section 3.1).</summary>
internal sealed class TransformerEncoderLayer : Module
{
    private readonly MultiHeadAttention _attention;
    private readonly FeedForward _feedForward;
    private readonly ResidualNorm _attentionNorm, _lastNorm;

    public TransformerEncoderLayer(Vars vars, TransformerOptions options) : base(vars)
    {
        _attention = TransformerParts.Attention(vars["self_attn"], options, separate: false);
        _attentionNorm = new ResidualNorm(vars["self_attn_layer_norm"], options);
        _feedForward = new FeedForward(vars, options);
        _lastNorm = new ResidualNorm(vars["final_layer_norm"], options);
    }

    /// <param name="x">[batch, time, size].</param>
    /// <param name="lengths">Tokens of each sentence.</param>
    /// <param name="maps">Takes the weights of attention [batch, heads, time, time]; null if nobody looks.</param>
    public Tensor Forward(Tensor x, IndexTensor lengths, Action<Tensor>? maps)
    {
        var options = new AttentionOptions { Lengths = lengths };
        maps?.Invoke(_attention.Weights(_attentionNorm.Before(x), options: options));
        x = _attentionNorm.Apply(x, (input, residual) => _attention.Forward(input, options: options, residual: residual));
        return _lastNorm.Apply(x, _feedForward.Forward);
    }

    protected override string Describe() => "TransformerEncoderLayer";
}
