namespace GpuNets.Kernels;

/// <summary>Launches losses over pairs of predictions and targets.</summary>
internal static class PairLoss
{
    // As in Reduction: a microsecond or two of work, and few additions per accumulator.
    private const int Chunk = 8192;

    /// <summary>loss = factor * sum of the pairs' losses.</summary>
    public static void Forward<TLoss>(DeviceBuffer x, DeviceBuffer target, DeviceBuffer loss, float factor) where TLoss : struct, IPairLossOp
    {
        var device = x.Device;
        int count = x.Length, chunks = (count + Chunk - 1) / Chunk;
        if (count == 0)
        {
            Fill.Launch(loss, 0f * factor);   // NaN for the mean of nothing: its factor is infinite
            return;
        }
        var partial = chunks == 1 ? loss : device.Allocate(chunks, "partial losses");
        device.ForRows(
            new PairLossForward<TLoss>
            {
                X = x.Floats,
                Target = target.Floats,
                Partial = partial.Floats,
                Count = count,
                Chunk = Chunk,
                Factor = chunks == 1 ? factor : 1f,
            },
            chunks, Math.Min(count, Chunk), 20f + 0.6f * Math.Min(count, Chunk));
        if (chunks == 1) return;
        var axes = new ReduceAxes();
        axes.Add(chunks, reduced: true);
        Reduction.Run<SumOf>(partial, loss, axes, factor);
        partial.Free();
    }

    /// <summary>d = dy factor dloss/dx, or by the target.</summary>
    public static void Backward<TLoss, TOperand>(DeviceBuffer x, DeviceBuffer target, DeviceBuffer dy, DeviceBuffer d, float factor)
        where TLoss : struct, IPairLossOp where TOperand : struct, IPairOperand =>
        d.Device.ForEach(
            new PairLossBackward<TLoss, TOperand> { X = x.Floats, Target = target.Floats, DY = dy.Floats, D = d.Floats, Factor = factor }, d.Length);
}
