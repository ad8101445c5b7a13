namespace GpuNets;

/// <content>Attention.</content>
public partial class Tensor
{
    /// <summary>
    /// Scaled dot-product attention (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762) with this tensor as queries, per sample and head:
    /// y = softmax(scale q k^T + bias) v over the keys that a query sees. All steps are one fused kernel that never holds the scores, in the
    /// manner of Dao et al. 2022 (https://arxiv.org/abs/2205.14135); heads of more than 256 features take products and row kernels instead. A query that sees no key gives zeros, and no gradient.
    /// </summary>
    /// <param name="key">[batch, heads, keys, size], or [batch, keys, heads * size] with <see cref="AttentionOptions.Heads"/>.</param>
    /// <param name="value">Of the same layout; its size per head may be another.</param>
    /// <param name="options">Layout, masks, bias, dropout; null for the defaults.</param>
    /// <returns>[batch, heads, queries, value size], or [batch, queries, heads * value size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit, a length is out of range, or a head has more than 1024 features.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public Tensor Attention(Tensor key, Tensor value, AttentionOptions? options = null) => AttentionOp.Apply(this, key, value, options);

    /// <summary>
    /// <see cref="Attention(Tensor, Tensor, AttentionOptions?)"/> of a sequence to itself, from one projection: this tensor is [batch, time, 3 * heads * size], the queries of
    /// all heads, then their keys, then their values.
    /// </summary>
    /// <param name="options">Masks, bias, dropout, and the number of heads, which must be given.</param>
    /// <returns>[batch, time, heads * size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit, a length is out of range, or a head has more than 1024 features.</exception>
    /// <exception cref="ArgumentException">The options name no number of heads.</exception>
    public Tensor SelfAttention(AttentionOptions options) => options.Heads is null
        ? throw new ArgumentException("SelfAttention: the options must name the number of heads.", nameof(options))
        : AttentionOp.ApplyPacked(this, options);

    /// <summary>
    /// The weights of <see cref="Attention(Tensor, Tensor, AttentionOptions?)"/> themselves, for plots: [batch, heads, queries, keys], without dropout. No gradient flows to
    /// them, and they take the memory that the fused kernel saves.
    /// </summary>
    /// <param name="key">As in <see cref="Attention(Tensor, Tensor, AttentionOptions?)"/>.</param>
    /// <param name="options">Layout, masks and bias; null for the defaults.</param>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public Tensor AttentionWeights(Tensor key, AttentionOptions? options = null) => AttentionOp.Weights(this, key, options);

    /// <summary>
    /// Additive attention (Bahdanau et al. 2014, https://arxiv.org/abs/1409.0473) with this tensor as projected queries: e[s] = v . tanh(q + k[s]),
    /// w = softmax(e) over the keys of the sample, c = sum w[s] values[s]. One kernel forward and one backward. A sample without keys gives zeros.
    /// </summary>
    /// <param name="key">Projected keys, [batch, keys, units].</param>
    /// <param name="v">[units].</param>
    /// <param name="value">[batch, keys, features].</param>
    /// <param name="lengths">Keys of each sample [batch], each in 0..keys; null if all have as many.</param>
    /// <returns>
    /// c and the weights w: [batch, features] and [batch, keys] for queries [batch, units], [batch, queries, features] and
    /// [batch, queries, keys] for queries [batch, queries, units]. No gradient flows through the weights.
    /// </returns>
    /// <exception cref="ShapeException">Shapes do not fit, or a length is out of range.</exception>
    /// <exception cref="DeviceMismatchException">The tensors live on different devices.</exception>
    public (Tensor Context, Tensor Weights) AdditiveAttention(Tensor key, Tensor v, Tensor value, IndexTensor? lengths = null) =>
        AdditiveAttentionOp.Apply(this, key, v, value, lengths);

    /// <summary>
    /// <see cref="Attention(Tensor, Tensor, AttentionOptions?)"/> to the time steps that a cache holds, each sample to its own. For decoding,
    /// without gradients.
    /// </summary>
    /// <param name="cache">Keys and values.</param>
    /// <param name="options">
    /// Masks, bias and scale; null for the defaults. <see cref="CausalMask.FromEnd"/> suits queries of the steps appended last.
    /// </param>
    /// <returns>[batch, queries, heads * value size] for queries [batch, queries, heads * size].</returns>
    /// <exception cref="ShapeException">Shapes do not fit.</exception>
    /// <exception cref="DeviceMismatchException">The cache lives on another device.</exception>
    /// <exception cref="InvalidOperationException">A tape is open and the query needs a gradient.</exception>
    public Tensor Attention(KeyValueCache cache, AttentionOptions? options = null) => CachedAttention.Apply(this, cache, options ?? new AttentionOptions());
}
