namespace GpuNets.Kernels;

/// <summary>
/// Gradients of weights from the pre-activation gradients that the backward pass left in the log: one matrix product per weight, over all
/// steps and sequences; sums over columns for biases and the initial state.
/// </summary>
internal readonly struct NtmWeightGradients(NtmSizes z, NtmLayout at, DeviceBuffer log, NtmGradientTarget target)
{
    private readonly NtmSizes _z = z;
    private readonly NtmLayout _at = at;
    private readonly DeviceBuffer _log = log;
    private readonly NtmGradientTarget _target = target;

    public void Run(NtmBuffers values, DeviceBuffer dLogits)
    {
        int width = _z.Width, states = _z.Layers * width, allGates = _z.Layers * _z.GateWidth, after = _at.Hidden + _z.Batch * states;
        for (int layer = 0; layer < _z.Layers; layer++)
        {
            var (input, recurrent) = values.Layers[layer];
            int gates = _at.Gates + layer * _z.GateWidth;
            if (layer == 0) Matrix(input.Weight, _log, gates, allGates, _z.GateWidth, _at.Inputs, _z.InputWidth, _z.InputWidth);
            else Matrix(input.Weight, _log, gates, allGates, _z.GateWidth, after + (layer - 1) * width, states, width);
            Columns(input.Bias, _log, gates, _z.Time * _z.Batch, allGates);
            if (recurrent is not { } own) continue;
            Matrix(own.Weight, _log, gates, allGates, _z.GateWidth, _at.Hidden + layer * width, states, width);
            Columns(own.Bias, _log, gates, _z.Time * _z.Batch, allGates);
        }
        for (int h = 0; h < _z.Heads; h++)
        {
            int raw = _at.Raw + _z.HeadOffset(h), count = h < _z.Reads ? _z.AddressWidth : _z.WriteWidth;
            Matrix(values.Heads[h].Weight, _log, raw, _z.HeadsWidth, count, after + states - width, states, width);
            Columns(values.Heads[h].Bias, _log, raw, _z.Time * _z.Batch, _z.HeadsWidth);
        }
        Matrix(values.Output.Weight, dLogits, 0, _z.Outputs, _z.Outputs, _at.Tops, _z.OutputWidth, _z.OutputWidth);
        Columns(values.Output.Bias, dLogits, 0, _z.Time * _z.Batch, _z.Outputs);
        int scratch = _at.Scratch;
        Columns(values.FirstReads, _log, scratch + _at.DInput + _z.Inputs, _z.Batch, _at.ScratchSize);
        Columns(values.FirstWeights, _log, scratch + _at.DWeights, _z.Batch, _at.ScratchSize);
        Columns(values.FirstMemory, _log, scratch + _at.DMemory, _z.Batch, _at.ScratchSize, _z.Rows);
        Columns(values.FirstHidden, _log, scratch + _at.DHidden, _z.Batch, _at.ScratchSize);
        if (values.FirstCells is { } cells) Columns(cells, _log, scratch + _at.DCell, _z.Batch, _at.ScratchSize);
    }

    // dW[o, k] = sum_q d[q, o] x[q, k].
    private void Matrix(DeviceBuffer weight, DeviceBuffer d, int dOffset, int dLeading, int outputs, int xOffset, int xLeading, int inputs)
    {
        if (_target(weight, out bool accumulate) is not { } gradient) return;
        var size = new GemmSize(outputs, inputs, _z.Time * _z.Batch, transposeA: true)
        {
            OffsetA = dOffset,
            LeadingA = dLeading,
            OffsetB = xOffset,
            LeadingB = xLeading,
        };
        Gemm.Run(d, _log, gradient, size, accumulate: accumulate);
    }

    private void Columns(DeviceBuffer value, DeviceBuffer d, int offset, int rows, int leading, int transpose = 0)
    {
        if (_target(value, out bool accumulate) is { } gradient)
            NtmColumnSum.Launch(d, offset, rows, leading, gradient, accumulate, transpose);
    }
}
