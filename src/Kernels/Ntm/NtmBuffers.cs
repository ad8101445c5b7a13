namespace GpuNets.Kernels;

/// <summary>A weight matrix [out, in] with its bias.</summary>
internal readonly record struct NtmAffine(DeviceBuffer Weight, DeviceBuffer Bias);

/// <summary>One controller layer: weights of its input and, for an LSTM, of its own last state (gates i, f, g, o).</summary>
internal readonly record struct NtmLayer(NtmAffine Input, NtmAffine? Recurrent);

/// <summary>
/// All that a Neural Turing Machine learns, or the gradients of it. Initial state, shared by all sequences: read vectors [R, M],
/// weightings [H, N], memory [N, M], controller state and cells [Layers, Width].
/// </summary>
internal sealed record NtmBuffers(
    NtmLayer[] Layers, NtmAffine[] Heads, NtmAffine Output,
    DeviceBuffer FirstReads, DeviceBuffer FirstWeights, DeviceBuffer FirstMemory, DeviceBuffer FirstHidden, DeviceBuffer? FirstCells);

/// <summary>Where the gradient of one buffer goes; null if nobody wants it.</summary>
/// <param name="buffer">The buffer of values.</param>
/// <param name="accumulate">Add to what the target holds; otherwise it is not read.</param>
internal delegate DeviceBuffer? NtmGradientTarget(DeviceBuffer buffer, out bool accumulate);
