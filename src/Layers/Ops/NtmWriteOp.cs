using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// Erase and add by some write heads at once, all erases first: the memory [B, M, N] after, from weightings [B, heads N], activated
/// parameters [B, heads WriteWidth] and the memory before.
/// </summary>
internal sealed class NtmWriteOp(NtmSizes sizes, Tensor weights, Tensor act, Tensor memory, Tensor next) : SingleOp(next)
{
    public static Tensor Apply(NtmSizes sizes, Tensor weights, Tensor act, Tensor memory)
    {
        const string name = "NtmWrite";
        int batch = weights.Shape[0], heads = weights.Shape[1] / sizes.Rows;
        NtmAddressOp.Expect(name, "weightings", weights, [batch, heads * sizes.Rows]);
        NtmAddressOp.Expect(name, "head parameters", act, [batch, heads * sizes.WriteWidth]);
        NtmAddressOp.Expect(name, "memory", memory, [batch, sizes.Columns, sizes.Rows]);
        CheckDevice(name, weights.Device, act.Device);
        CheckDevice(name, weights.Device, memory.Device);
        var next = Tensor.Empty(weights.Device, memory.Shape, name);
        var kernel = new NtmWriteForward
        {
            Weights = weights.Buffer.Floats,
            Act = act.Buffer.Floats,
            Memory = memory.Buffer.Floats,
            Next = next.Buffer.Floats,
            Sizes = sizes,
            Count = heads,
        };
        weights.Device.ForRows(kernel, batch, sizes.Rows, 0.3f * heads * sizes.Cells);
        Recorder(weights, act, memory)?.Add(new NtmWriteOp(sizes, weights, act, memory, next));
        return next;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var device = dy.Device;
        DeviceBuffer? dWeights = tape.Fresh(weights), dAct = tape.Fresh(act), dMemory = tape.Fresh(memory);
        var kernel = new NtmWriteBackward
        {
            Weights = weights.Buffer.Floats,
            Act = act.Buffer.Floats,
            Memory = memory.Buffer.Floats,
            DNext = dy.Floats,
            Sizes = sizes,
            Count = weights.Shape[1] / sizes.Rows,
            DWeights = (dWeights ?? device.AllocateTemporary(weights.Count, Name)).Floats,
            DAct = (dAct ?? device.AllocateTemporary(act.Count, Name)).Floats,
            DMemory = (dMemory ?? device.AllocateTemporary(memory.Count, Name)).Floats,
        };
        device.ForRows(kernel, weights.Shape[0], sizes.Rows, 0.8f * sizes.Cells);
        if (dWeights is not null) tape.Put(weights, dWeights);
        if (dAct is not null) tape.Put(act, dAct);
        if (dMemory is not null) tape.Put(memory, dMemory);
    }
}
