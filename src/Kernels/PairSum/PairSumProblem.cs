namespace GpuNets.Kernels;

/// <summary>Operands of a sum over pairs; widths[0] is that of the first layer, widths[^1] that of the result.</summary>
/// <param name="Plan">The pairs.</param>
/// <param name="Batch">Number of examples.</param>
/// <param name="Widths">Columns of each layer's result.</param>
/// <param name="Left">Share of the first member in the first layer: [batch, objects, widths[0]].</param>
/// <param name="Right">Share of the second member.</param>
/// <param name="Context">Share of the example: [batch, widths[0]]; null for none.</param>
/// <param name="Weights">Weights of the layers after the first, [out, in].</param>
/// <param name="Biases">Their biases, [out] or null.</param>
/// <param name="Factor">What sums are multiplied with: 1, or one over the number of pairs.</param>
internal sealed record PairSumProblem(
    PairPlan Plan, int Batch, int[] Widths, DeviceBuffer Left, DeviceBuffer Right, DeviceBuffer? Context, DeviceBuffer[] Weights,
    DeviceBuffer?[] Biases, float Factor)
{
    public Device Device => Left.Device;
}

/// <summary>Where gradients go; null where none is wanted.</summary>
internal sealed class PairSumGradients
{
    /// <summary>[batch, objects, widths[0]]; overwritten. The gradient of the context is the sum of Left over the objects.</summary>
    public DeviceBuffer? Left { get; init; }

    public DeviceBuffer? Right { get; init; }

    /// <summary>Of the weights and biases, and whether they already hold something to add to.</summary>
    public required (DeviceBuffer? Buffer, bool Accumulate)[] Weights { get; init; }

    public required (DeviceBuffer? Buffer, bool Accumulate)[] Biases { get; init; }

    /// <summary>The gradients of a sum of nothing.</summary>
    public void Clear(Device device)
    {
        if (Left is { Length: > 0 }) device.Clear(Left);
        if (Right is { Length: > 0 }) device.Clear(Right);
        foreach (var (buffer, accumulate) in Weights.Concat(Biases))
            if (buffer is not null && !accumulate) device.Clear(buffer);
    }
}
