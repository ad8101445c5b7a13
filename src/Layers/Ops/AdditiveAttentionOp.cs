using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Additive attention: e[s] = v . tanh(q + k[s]), w = softmax(e) over the keys of a sample, c = sum w[s] values[s]. Keeps the weights;
/// backward is one kernel, which computes the tanh again and adds to the gradients of keys and values in place, so that decoder steps do
/// not pile up copies of them.
/// </summary>
internal sealed class AdditiveAttentionOp(
    Tensor query, Tensor key, Tensor v, Tensor value, IndexTensor? lengths, AdditiveAttentionSize size, DeviceBuffer weights, Tensor context) : SingleOp(context)
{
    private const string Operation = "AdditiveAttention";

    public static (Tensor Context, Tensor Weights) Apply(Tensor query, Tensor key, Tensor v, Tensor value, IndexTensor? lengths)
    {
        var size = Check(query, key, v, value, lengths);
        var device = query.Device;
        bool single = query.Shape.Rank == 2;
        Tensor Make(int columns) => Tensor.Empty(device, single ? (size.Batch, columns) : (size.Batch, size.Queries, columns), Operation);
        Tensor context = Make(size.ValueSize), weights = Make(size.Keys);
        bool alone = device.Form is ExecutionForm.Host or ExecutionForm.Serial;
        var scratch = alone ? device.Allocate(size.Batch * size.Queries * size.Units, "scratch of additive attention") : null;
        device.ForRows(
            new AdditiveAttentionForward
            {
                Query = query.Buffer.Floats,
                Key = key.Buffer.Floats,
                V = v.Buffer.Floats,
                Value = value.Buffer.Floats,
                Weights = weights.Buffer.Floats,
                Context = context.Buffer.Floats,
                Scratch = (scratch ?? context.Buffer).Floats,
                Lengths = (lengths?.Buffer ?? query.Buffer).Ints,
                Size = size,
            },
            size.Batch * size.Queries, size.Units, size.Keys * (1f * size.Units + 0.2f * size.ValueSize));
        scratch?.Free();
        Recorder(query, key, v, value)?.Add(new AdditiveAttentionOp(query, key, v, value, lengths, size, weights.Buffer, context));
        return (context, weights);
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var device = query.Device;
        bool addKey = false, addValue = false;
        var dq = tape.Fresh(query);
        DeviceBuffer? dk = tape.Target(key, out addKey), dvalue = tape.Target(value, out addValue);
        if (size.Batch == 0 || size.Queries == 0)
        {
            foreach (var (buffer, add) in new[] { (dk, addKey), (dvalue, addValue), (tape.Target(v, out bool addV), addV) })
                if (buffer is not null && !add) device.Clear(buffer);
            if (dq is not null) tape.Put(query, dq);
            return;
        }
        var partial = device.Allocate(size.Batch * size.Units, "partial gradients of additive attention");
        var slopes = device.Allocate(size.Batch * size.Keys, "score gradients of additive attention");
        var scratch = device.Allocate(size.Batch * size.Units, "scratch of additive attention");
        var unused = dq is null ? device.Allocate(query.Count, "gradient of queries") : null;
        device.ForRows(
            new AdditiveAttentionBackward
            {
                Query = query.Buffer.Floats,
                Key = key.Buffer.Floats,
                V = v.Buffer.Floats,
                Value = value.Buffer.Floats,
                Weights = weights.Floats,
                ContextGradient = dy.Floats,
                QueryGradient = (dq ?? unused)!.Floats,
                KeyGradient = (dk ?? partial).Floats,
                ValueGradient = (dvalue ?? partial).Floats,
                VPartial = partial.Floats,
                Slopes = slopes.Floats,
                Scratch = scratch.Floats,
                Lengths = (lengths?.Buffer ?? query.Buffer).Ints,
                Size = size,
                KeyMode = dk is null ? 0 : addKey ? 2 : 1,
                ValueMode = dvalue is null ? 0 : addValue ? 2 : 1,
            },
            size.Batch, size.Units, size.Queries * size.Keys * (1.5f * size.Units + 0.5f * size.ValueSize));
        if (tape.Target(v, out bool accumulate) is { } dv) ColumnSums.Run(partial, size.Batch, size.Units, dv, accumulate);
        if (dq is not null) tape.Put(query, dq);
        unused?.Free();
        scratch.Free();
        slopes.Free();
        partial.Free();
    }

    private static AdditiveAttentionSize Check(Tensor query, Tensor key, Tensor v, Tensor value, IndexTensor? lengths)
    {
        foreach (var other in new[] { key, v, value }) CheckDevice(Operation, query.Device, other.Device);
        if (query.Shape.Rank is not (2 or 3)) throw new ShapeException(Operation, $"the query has shape {query.Shape}, expected [batch, units] or [batch, queries, units].");
        if (key.Shape.Rank != 3) throw new ShapeException(Operation, $"the key has shape {key.Shape}, expected [batch, keys, units].");
        int batch = query.Shape[0], units = query.Shape[-1], keys = key.Shape[1];
        if (key.Shape != (batch, keys, units)) throw new ShapeException(Operation, $"the key has shape {key.Shape}, expected [{batch}, {keys}, {units}] for the query {query.Shape}.");
        if (v.Shape != units) throw new ShapeException(Operation, $"v has shape {v.Shape}, expected [{units}] for the query {query.Shape}.");
        if (value.Shape.Rank != 3 || value.Shape[0] != batch || value.Shape[1] != keys)
            throw new ShapeException(Operation, $"the value has shape {value.Shape}, expected [{batch}, {keys}, features] for the key {key.Shape}.");
        if (lengths is not null)
        {
            CheckDevice(Operation, query.Device, lengths.Device);
            if (lengths.Shape != batch) throw new ShapeException(Operation, $"lengths have shape {lengths.Shape}, expected [{batch}] for the query {query.Shape}.");
            if (lengths.Count > 0 && (lengths.Minimum < 0 || lengths.Maximum > keys))
                throw new ShapeException(Operation, $"lengths reach from {lengths.Minimum} to {lengths.Maximum}, expected 0 to {keys}, the number of keys.");
        }
        return new AdditiveAttentionSize
        {
            Batch = batch,
            Queries = query.Shape.Rank == 2 ? 1 : query.Shape[1],
            Keys = keys,
            Units = units,
            ValueSize = value.Shape[2],
            HasLengths = lengths is null ? 0 : 1,
        };
    }
}
