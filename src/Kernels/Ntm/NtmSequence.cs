namespace GpuNets.Kernels;

/// <summary>Runs a Neural Turing Machine over whole sequences, one launch forward and one backward.</summary>
internal sealed class NtmSequence
{
    private readonly NtmSizes _sizes;
    private readonly NtmLayout _layout;
    private readonly NtmBuffers _values;
    private readonly DeviceBuffer _packed, _log;
    private readonly bool _training;

    private NtmSequence(NtmSizes sizes, NtmBuffers values, Device device, bool training)
    {
        _sizes = sizes;
        _layout = new NtmLayout(sizes, training);
        _values = values;
        _training = training;
        // Without a backward pass nobody needs them once the caller has looked: see Release.
        Func<int, string, DeviceBuffer> allocate = training ? device.AllocateTemporary : device.Allocate;
        _packed = allocate(_layout.PackedSize, "NTM weights");
        _log = allocate(_layout.LogSize, "NTM log");
    }

    public NtmSizes Sizes => _sizes;

    public NtmLayout Layout => _layout;

    /// <summary>All states of the run, see <see cref="NtmLayout"/>.</summary>
    public DeviceBuffer Log => _log;

    /// <summary>Computes the logits [T, B, Outputs] for inputs [T, B, Inputs].</summary>
    /// <param name="sizes">Sizes; the caller checked that they fit each other and the buffers.</param>
    /// <param name="values">Weights and initial state.</param>
    /// <param name="inputs">Inputs.</param>
    /// <param name="logits">Receives the logits.</param>
    /// <param name="training">Keep what <see cref="Backward"/> needs; otherwise the caller ends the run with <see cref="Release"/>.</param>
    public static NtmSequence Forward(NtmSizes sizes, NtmBuffers values, DeviceBuffer inputs, DeviceBuffer logits, bool training)
    {
        var device = logits.Device;
        var run = new NtmSequence(sizes, values, device, training);
        run.Pack();
        var kernel = new NtmSequenceForward
        {
            X = inputs.Floats,
            Packed = run._packed.Floats,
            Log = run._log.Floats,
            Logits = logits.Floats,
            Sizes = sizes,
            Layout = run._layout,
        };
        if (run.FitsShared(device)) device.ForGroups(new NtmSharedForward { Sequence = kernel }, sizes.Batch, run.Group(device), GroupThreads.MaxSize);
        else device.ForRows(kernel, sizes.Batch, TeamLength(sizes), Nanoseconds(sizes));
        return run;
    }

    /// <summary>Computes all gradients; may run once, since it replaces parts of the log.</summary>
    /// <param name="dLogits">Gradients of the logits.</param>
    /// <param name="dInputs">Receives the gradients of the inputs; null if nobody wants them.</param>
    /// <param name="target">Where the gradient of each buffer of the values goes.</param>
    public void Backward(DeviceBuffer dLogits, DeviceBuffer? dInputs, NtmGradientTarget target)
    {
        var kernel = new NtmSequenceBackward
        {
            Packed = _packed.Floats,
            Log = _log.Floats,
            DLogits = dLogits.Floats,
            DX = (dInputs ?? _log).Floats,
            Sizes = _sizes,
            Layout = _layout,
            WantsDX = dInputs is null ? 0 : 1,
        };
        var device = _log.Device;
        if (FitsShared(device)) device.ForGroups(new NtmSharedBackward { Sequence = kernel }, _sizes.Batch, Group(device), GroupThreads.MaxSize);
        else device.ForRows(kernel, _sizes.Batch, TeamLength(_sizes), 2 * Nanoseconds(_sizes));
        new NtmWeightGradients(_sizes, _layout, _log, target).Run(_values, dLogits);
    }

    /// <summary>Gives the buffers of a run without a backward pass back; those of training belong to the tape.</summary>
    public void Release()
    {
        if (_training) return;
        _packed.Free();
        _log.Free();
    }

    /// <summary>GPUs work in shared memory where a sequence's scratch fits, a group to each.</summary>
    private bool FitsShared(Device device) =>
        device.Form is ExecutionForm.Group or ExecutionForm.Warp
        && device.Accelerator.MaxSharedMemoryPerGroup >= NtmInShared.Bytes && _layout.ScratchSize <= NtmInShared.Capacity;

    private int Group(Device device) => LaunchPlan.RowGroup(TeamLength(_sizes), device.Accelerator.MaxNumThreadsPerGroup);

    /// <summary>Rows of memory, units or parameters: whatever a team shares most of the time.</summary>
    private static int TeamLength(NtmSizes z) => Math.Max(z.Rows, Math.Max(z.Width, z.HeadsWidth));

    // Some 25 multiply-adds per nanosecond.
    private static float Nanoseconds(NtmSizes z) =>
        z.Time * (z.Layers * (float)z.GateWidth * (z.InputWidth + z.Width) + z.HeadsWidth * z.Width + 6f * z.Heads * z.Cells) / 25f;

    private void Pack()
    {
        var z = _sizes;
        var at = _layout;
        for (int layer = 0; layer < z.Layers; layer++)
        {
            int start = at.Layer(layer), inputs = z.LayerInputs(layer), gates = z.GateWidth, transposed = start + NtmLayout.LayerTransposed(z);
            var (input, recurrent) = _values.Layers[layer];
            NtmPackSum.Launch(input.Bias, recurrent?.Bias, _packed, start, gates);
            NtmPackMatrix.Launch(input.Weight, _packed, gates, inputs, start + NtmLayout.LayerWeight(z, layer), transposed, gates);
            if (recurrent is { } own)
                NtmPackMatrix.Launch(own.Weight, _packed, gates, z.Width, start + NtmLayout.LayerRecurrent(z, layer), transposed + inputs * gates, gates);
        }
        for (int h = 0; h < z.Heads; h++)
        {
            int width = h < z.Reads ? z.AddressWidth : z.WriteWidth, offset = z.HeadOffset(h);
            NtmPackSum.Launch(_values.Heads[h].Bias, null, _packed, at.HeadBias + offset, width);
            NtmPackMatrix.Launch(
                _values.Heads[h].Weight, _packed, width, z.Width, at.HeadWeight + offset * z.Width, at.HeadTransposed + offset, z.HeadsWidth);
        }
        NtmPackSum.Launch(_values.Output.Bias, null, _packed, at.OutputBias, z.Outputs);
        NtmPackMatrix.Launch(_values.Output.Weight, _packed, z.Outputs, z.OutputWidth, at.OutputWeight, at.OutputTransposed, z.Outputs);
        NtmPackSum.Launch(_values.FirstReads, null, _packed, at.FirstRead, z.ReadWidth);
        NtmPackSum.Launch(_values.FirstWeights, null, _packed, at.FirstWeights, z.Heads * z.Rows);
        NtmPackMatrix.Launch(_values.FirstMemory, _packed, z.Rows, z.Columns, -1, at.FirstMemory, z.Rows);
        NtmPackSum.Launch(_values.FirstHidden, null, _packed, at.FirstHidden, z.Layers * z.Width);
        if (_values.FirstCells is { } cells) NtmPackSum.Launch(cells, null, _packed, at.FirstCell, z.Layers * z.Width);
    }
}
