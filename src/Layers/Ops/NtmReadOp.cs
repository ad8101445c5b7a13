using GpuNets.Kernels;

namespace GpuNets;

/// <summary>r[b] = sum_i w[b, i] Mem[b, :, i]: read vectors [B, M] from weightings [B, N] and memory [B, M, N].</summary>
internal sealed class NtmReadOp(NtmSizes sizes, Tensor weights, Tensor memory, Tensor reads) : SingleOp(reads)
{
    public static Tensor Apply(NtmSizes sizes, Tensor weights, Tensor memory)
    {
        const string name = "NtmRead";
        int batch = weights.Shape[0];
        NtmAddressOp.Expect(name, "weighting", weights, [batch, sizes.Rows]);
        NtmAddressOp.Expect(name, "memory", memory, [batch, sizes.Columns, sizes.Rows]);
        CheckDevice(name, weights.Device, memory.Device);
        var reads = Tensor.Empty(weights.Device, [batch, sizes.Columns], name);
        var kernel = new NtmReadForward { Weights = weights.Buffer.Floats, Memory = memory.Buffer.Floats, Reads = reads.Buffer.Floats, Sizes = sizes };
        weights.Device.ForRows(kernel, batch, sizes.Rows, 0.2f * sizes.Cells);
        Recorder(weights, memory)?.Add(new NtmReadOp(sizes, weights, memory, reads));
        return reads;
    }

    protected override void Backward(Tape tape, DeviceBuffer dy)
    {
        var device = dy.Device;
        DeviceBuffer? dWeights = tape.Fresh(weights), dMemory = tape.Fresh(memory);
        var kernel = new NtmReadBackward
        {
            Weights = weights.Buffer.Floats,
            Memory = memory.Buffer.Floats,
            DReads = dy.Floats,
            Sizes = sizes,
            DWeights = (dWeights ?? device.AllocateTemporary(weights.Count, Name)).Floats,
            DMemory = (dMemory ?? device.AllocateTemporary(memory.Count, Name)).Floats,
        };
        device.ForRows(kernel, weights.Shape[0], sizes.Rows, 0.4f * sizes.Cells);
        if (dWeights is not null) tape.Put(weights, dWeights);
        if (dMemory is not null) tape.Put(memory, dMemory);
    }
}
