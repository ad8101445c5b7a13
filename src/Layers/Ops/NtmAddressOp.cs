using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// A step of one head over a batch: its parameters [B, Width] activated, and from them, the last weighting [B, N] and the memory [B, M, N]
/// its weighting [B, N]. One launch forward, one backward.
/// </summary>
internal sealed class NtmAddressOp(NtmSizes sizes, bool writes, Tensor raw, Tensor previous, Tensor memory, DeviceBuffer record, Tensor weights, Tensor act) : Op
{
    private readonly Tensor[] _outputs = [weights, act];

    public override ReadOnlySpan<Tensor> Outputs => _outputs;

    /// <summary>The weighting and the activated parameters, of which <see cref="NtmWriteOp"/> takes e and a.</summary>
    public static (Tensor Weights, Tensor Act) Apply(NtmSizes sizes, bool writes, Tensor raw, Tensor previous, Tensor memory)
    {
        const string name = "NtmAddress";
        int width = writes ? sizes.WriteWidth : sizes.AddressWidth, batch = raw.Shape[0];
        Expect(name, "head parameters", raw, [batch, width]);
        Expect(name, "previous weighting", previous, [batch, sizes.Rows]);
        Expect(name, "memory", memory, [batch, sizes.Columns, sizes.Rows]);
        CheckDevice(name, raw.Device, previous.Device);
        CheckDevice(name, raw.Device, memory.Device);
        var device = raw.Device;
        var weights = Tensor.Empty(device, previous.Shape, name);
        var act = Tensor.Empty(device, raw.Shape, name);
        var record = device.AllocateTemporary(batch * NtmStep.RecordSize(sizes, width), name);
        var kernel = new NtmAddressForward
        {
            Raw = raw.Buffer.Floats,
            Previous = previous.Buffer.Floats,
            Memory = memory.Buffer.Floats,
            Weights = weights.Buffer.Floats,
            Act = act.Buffer.Floats,
            Record = record.Floats,
            Sizes = sizes,
            Width = width,
            Writes = writes ? 1 : 0,
        };
        device.ForRows(kernel, batch, sizes.Rows, sizes.Cells);
        Recorder(raw, previous, memory)?.Add(new NtmAddressOp(sizes, writes, raw, previous, memory, record, weights, act));
        return (weights, act);
    }

    public override void Backward(Tape tape)
    {
        var device = raw.Device;
        DeviceBuffer? dWeights = weights.GradientBuffer, dAct = act.GradientBuffer;
        // The kernel computes all three; what nobody wants goes to scratch.
        DeviceBuffer? dRaw = tape.Fresh(raw), dPrevious = tape.Fresh(previous), dMemory = tape.Fresh(memory);
        var kernel = new NtmAddressBackward
        {
            Raw = raw.Buffer.Floats,
            Previous = previous.Buffer.Floats,
            Memory = memory.Buffer.Floats,
            Weights = weights.Buffer.Floats,
            Record = record.Floats,
            DWeights = (dWeights ?? record).Floats,
            HasDWeights = dWeights is null ? 0 : 1,
            DAct = (dAct ?? record).Floats,
            HasDAct = dAct is null ? 0 : 1,
            DRaw = (dRaw ?? device.AllocateTemporary(raw.Count, Name)).Floats,
            DPrevious = (dPrevious ?? device.AllocateTemporary(previous.Count, Name)).Floats,
            DMemory = (dMemory ?? device.AllocateTemporary(memory.Count, Name)).Floats,
            Scratch = device.AllocateTemporary(raw.Shape[0] * NtmStep.ScratchSize(sizes), Name).Floats,
            Sizes = sizes,
            Width = raw.Shape[1],
            Writes = writes ? 1 : 0,
        };
        device.ForRows(kernel, raw.Shape[0], sizes.Rows, 2 * sizes.Cells);
        if (dRaw is not null) tape.Put(raw, dRaw);
        if (dPrevious is not null) tape.Put(previous, dPrevious);
        if (dMemory is not null) tape.Put(memory, dMemory);
    }

    /// <summary>Throws unless a tensor has a shape.</summary>
    public static void Expect(string operation, string what, Tensor tensor, Shape shape)
    {
        if (tensor.Shape != shape) throw new ShapeException(operation, $"{what} must be {shape}, got {tensor.Shape}.");
    }
}
