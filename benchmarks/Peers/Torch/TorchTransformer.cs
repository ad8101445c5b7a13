using GpuNets.Peers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchPeers;

/// <summary>The same Transformer in TorchSharp: post-norm, learned positions, biases, ReLU, separate matrices; attention is libtorch's fused one.</summary>
internal sealed class TorchTransformer : IDisposable
{
    private readonly TransformerSetting _setting;
    private readonly int _heads, _size;

    public TorchTransformer(TransformerSetting setting)
    {
        (_setting, _heads, _size) = (setting, setting.Model.Heads, setting.Model.Size);
        Parameters = setting.Weights.ToParameters();
    }

    public OrderedDictionary<string, Parameter> Parameters { get; }

    /// <summary>Ids side by side, filled up with the pad token.</summary>
    public Tensor Rows(IEnumerable<int[]> sentences)
    {
        int[][] all = [.. sentences];
        int time = all.Max(ids => ids.Length);
        return tensor(all.SelectMany(ids => ids.Concat(Enumerable.Repeat(_setting.Model.PadId, time - ids.Length))).Select(id => (long)id).ToArray(), [all.Length, time]).clone();
    }

    /// <summary>What attention adds to scores of keys: minus infinity at padding, [batch, 1, 1, time].</summary>
    public Tensor Mask(Tensor ids) => zeros(ids.shape).masked_fill(ids == _setting.Model.PadId, double.NegativeInfinity).unsqueeze(1).unsqueeze(1);

    public Tensor Encode(Tensor ids, Tensor mask)
    {
        var x = Embed("encoder", ids, 0);
        for (int i = 0; i < _setting.Model.EncoderLayers; i++)
        {
            string name = $"encoder.layers.{i}";
            var (q, k, v) = Packed(x, $"{name}.self_attn");
            x = Norm(x + Join(nn.functional.scaled_dot_product_attention(q, k, v, mask), x.shape, $"{name}.self_attn"), $"{name}.self_attn_layer_norm");
            x = FeedForward(x, name);
        }
        return x;
    }

    /// <summary>Keys and values of the source for a layer of the decoder.</summary>
    public (Tensor Key, Tensor Value) Source(Tensor memory, int layer) =>
    (
        Heads(Linear(memory, $"decoder.layers.{layer}.encoder_attn.k_proj"), memory.shape[0]),
        Heads(Linear(memory, $"decoder.layers.{layer}.encoder_attn.v_proj"), memory.shape[0])
    );

    /// <summary>A layer of the decoder.</summary>
    /// <param name="x">[batch, time, size], or [batch * beams, 1, size]: beams look at their source together.</param>
    /// <param name="layer">Its number.</param>
    /// <param name="source">Keys and values of the source.</param>
    /// <param name="mask">Of the source.</param>
    /// <param name="past">Kept keys and values of earlier steps; null: x is the whole target.</param>
    public Tensor Decode(Tensor x, int layer, (Tensor Key, Tensor Value) source, Tensor mask, (Tensor Key, Tensor Value)[]? past)
    {
        string name = $"decoder.layers.{layer}";
        var (q, k, v) = Packed(x, $"{name}.self_attn");
        if (past is not null)
        {
            if (past[layer].Key is not null) (k, v) = (cat([past[layer].Key, k], 2), cat([past[layer].Value, v], 2));
            past[layer] = (k, v);
        }
        var said = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: past is null);
        x = Norm(x + Join(said, x.shape, $"{name}.self_attn"), $"{name}.self_attn_layer_norm");
        var query = Heads(Linear(x, $"{name}.encoder_attn.q_proj"), source.Key.shape[0]);
        var read = nn.functional.scaled_dot_product_attention(query, source.Key, source.Value, mask);
        x = Norm(x + Join(read, x.shape, $"{name}.encoder_attn"), $"{name}.encoder_attn_layer_norm");
        return FeedForward(x, name);
    }

    public Tensor Embed(string side, Tensor ids, int first)
    {
        var x = Parameters[$"{side}.embed_tokens.weight"].index_select(0, ids.flatten()).view(ids.shape[0], ids.shape[1], _size) * _setting.Model.Scale;
        return x + Parameters[$"{side}.embed_positions.weight"].slice(0, first, first + ids.shape[1], 1);
    }

    public Tensor Logits(Tensor x) => Linear(x, "decoder.output_projection");

    public void Dispose()
    {
        foreach (var parameter in Parameters.Values) parameter.Dispose();
    }

    private (Tensor Query, Tensor Key, Tensor Value) Packed(Tensor x, string name)
    {
        var parts = nn.functional.linear(x, Parameters[$"{name}.in_proj_weight"], Parameters[$"{name}.in_proj_bias"]).chunk(3, -1);
        return (Heads(parts[0], x.shape[0]), Heads(parts[1], x.shape[0]), Heads(parts[2], x.shape[0]));
    }

    private Tensor Heads(Tensor x, long batch) => x.view(batch, -1, _heads, _size / _heads).transpose(1, 2);

    private Tensor Join(Tensor x, long[] shape, string name) => Linear(x.transpose(1, 2).reshape(shape), $"{name}.out_proj");

    private Tensor FeedForward(Tensor x, string name) =>
        Norm(x + Linear(nn.functional.relu(Linear(x, $"{name}.fc1")), $"{name}.fc2"), $"{name}.final_layer_norm");

    private Tensor Norm(Tensor x, string name) =>
        nn.functional.layer_norm(x, [_size], Parameters[$"{name}.weight"], Parameters[$"{name}.bias"], _setting.Model.NormEpsilon);

    private Tensor Linear(Tensor x, string name) => nn.functional.linear(x, Parameters[$"{name}.weight"], Parameters[$"{name}.bias"]);
}
