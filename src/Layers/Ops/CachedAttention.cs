using GpuNets.Kernels;

namespace GpuNets;

/// <summary>Attention to the keys and values of a <see cref="KeyValueCache"/>. It has no gradient: it serves decoding.</summary>
internal static class CachedAttention
{
    private const string Operation = "Attention";

    /// <summary>Queries [batch, queries, heads * size].</summary>
    public static Tensor Apply(Tensor query, KeyValueCache cache, AttentionOptions options)
    {
        int row = cache.Heads * cache.Size;
        if (query.Shape.Rank != 3 || query.Shape[0] != cache.Batch || query.Shape[2] != row)
            throw new ShapeException(Operation, $"the query has shape {query.Shape}, expected [{cache.Batch}, queries, {row}] for {cache}.");
        if (options.Heads is { } heads && heads != cache.Heads) throw new ShapeException(Operation, $"the options name {heads} heads, but {cache} has {cache.Heads}.");
        return Apply(query, AttentionOperand.Joined(query.Buffer, query.Shape[1], row, cache.Size), query.Shape[1], cache, options);
    }

    /// <summary>Queries anywhere in a tensor.</summary>
    public static Tensor Apply(Tensor owner, in AttentionOperand query, int queries, KeyValueCache cache, AttentionOptions options)
    {
        Op.CheckDevice(Operation, cache.Device, owner.Device);
        if (Op.Recorder(owner) is not null)
            throw new InvalidOperationException("Attention: what a KeyValueCache holds has no gradient; decode without a tape, or detach the query.");
        if (options.Lengths is not null) throw new ArgumentException("Attention: the cache has lengths of its own; leave them out of the options.", nameof(options));
        var size = new AttentionSize(cache.Batch, cache.Heads, queries, cache.Reach, cache.Size, cache.ValueSize);
        var shape = new AttentionShape(Operation, size, query, cache.Key, cache.Value);
        var y = Tensor.Empty(owner.Device, shape.Output, Operation);
        Kernels.Attention.Forward(shape.Problem(options, owner, dropout: false).WithLengths(cache.Steps), shape.Result(y.Buffer), null);
        return y;
    }
}
