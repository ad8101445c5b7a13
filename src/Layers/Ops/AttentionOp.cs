using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// o = dropout(softmax(scale q k^T + bias)) v per sample and head, over the keys that a query sees. Keeps the output, and the largest score and the sum of each
/// row; backward computes scores p again and, with delta = sum of dO o: dv = p^T dO, ds = p (dO v^T - delta), dq = scale ds k,
/// dk = scale ds^T q, dbias = ds.
/// </summary>
/// <param name="query">Queries, or queries, keys and values side by side.</param>
/// <param name="key">Keys; null if they lie beside the queries.</param>
/// <param name="value">Values; null if they lie beside the queries.</param>
/// <param name="bias">Added to scores, or null.</param>
/// <param name="shape">Sizes and places.</param>
/// <param name="problem">Masks, bias and dropout.</param>
/// <param name="softmax">Largest score and 1 / sum e^(score - largest), [batch, heads, queries, 2].</param>
/// <param name="y">The output.</param>
internal sealed class AttentionOp(
    Tensor query, Tensor? key, Tensor? value, Tensor? bias, AttentionShape shape, AttentionProblem problem, DeviceBuffer softmax, Tensor y) : SingleOp(y)
{
    public static Tensor Apply(Tensor query, Tensor key, Tensor value, AttentionOptions? options)
    {
        options ??= new AttentionOptions();
        return Apply(query, key, value, options, new AttentionShape("Attention", query, key, value, options));
    }

    public static Tensor ApplyPacked(Tensor packed, AttentionOptions options) =>
        Apply(packed, null, null, options, new AttentionShape("SelfAttention", packed, options));

    /// <summary>The weights without dropout, [batch, heads, queries, keys], outside of any tape.</summary>
    public static Tensor Weights(Tensor query, Tensor key, AttentionOptions? options)
    {
        options ??= new AttentionOptions();
        var shape = new AttentionShape("AttentionWeights", query, key, null, options);
        var weights = Tensor.Empty(query.Device, (shape.Size.Batch, shape.Size.Heads, shape.Size.Queries, shape.Size.Keys), "AttentionWeights");
        BlockedAttention.Weights(shape.Problem(options, query, dropout: false), weights.Buffer);
        return weights;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var dbias = bias is null ? null : tape.Fresh(bias);
        DeviceBuffer? dq = tape.Fresh(query), dk = key is null ? dq : tape.Fresh(key), dv = value is null ? dq : tape.Fresh(value);
        Kernels.Attention.Backward(problem, shape.Result(Output.Buffer), softmax, shape.Result(dy), new AttentionGradients
        {
            Query = dq is null ? null : shape.Query.In(dq),
            Key = dk is null ? null : shape.Key.In(dk),
            Value = dv is null ? null : shape.Value.In(dv),
            Bias = dbias,
        });
        if (dq is not null) tape.Put(query, dq);
        if (key is not null && dk is not null) tape.Put(key, dk);
        if (value is not null && dv is not null) tape.Put(value, dv);
        if (dbias is not null) tape.Put(bias!, dbias);
    }

    private static Tensor Apply(Tensor query, Tensor? key, Tensor? value, AttentionOptions options, AttentionShape shape)
    {
        var device = query.Device;
        var problem = shape.Problem(options, query, dropout: Tape.Of(device) is not null);
        var tape = Recorder(query, key, value, options.Bias);
        var y = Tensor.Empty(device, shape.Output, "Attention");
        var softmax = tape is null ? null : device.AllocateTemporary(2 * shape.Size.Rows, "softmax of attention");
        Kernels.Attention.Forward(problem, shape.Result(y.Buffer), softmax);
        tape?.Add(new AttentionOp(query, key, value, options.Bias, shape, problem, softmax!, y));
        return y;
    }
}
