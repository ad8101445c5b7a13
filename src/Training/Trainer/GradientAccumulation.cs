namespace GpuNets.Training;

/// <summary>
/// One update from several small batches, as if they were one: gradients add up over their tapes, each weighted by its share of the tokens,
/// and the optimiser steps once. A schedule so counts updates, not batches. Emulates larger memory, or several devices.
/// </summary>
/// <param name="optimizer">What updates the parameters.</param>
public sealed class GradientAccumulation(Optimizer optimizer)
{
    /// <summary>What updates the parameters.</summary>
    public Optimizer Optimizer { get; } = optimizer;

    /// <summary>Does one update.</summary>
    /// <typeparam name="T">A batch.</typeparam>
    /// <param name="batches">The small batches; those without tokens are passed over.</param>
    /// <param name="tokens">What a batch weighs: the tokens, or samples, that its mean loss is over.</param>
    /// <param name="loss">Computes the mean loss of a batch, a scalar; called while a tape is open.</param>
    /// <param name="report">Whether the loss is wanted. When false it stays on the device, so that nothing waits for it.</param>
    /// <returns>The mean loss over all tokens; NaN when no report was asked for.</returns>
    /// <exception cref="ArgumentException">No batch has a token.</exception>
    /// <exception cref="ShapeException">A loss has more than one element.</exception>
    /// <remarks>
    /// Not for a captured step, whose shares would stay those of the first run. When a batch fails its exception goes on, the parameters stay, and the gradients so far are forgotten.
    /// </remarks>
    public double Step<T>(IReadOnlyList<T> batches, Func<T, long> tokens, Func<T, Tensor> loss, bool report = true)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(loss);
        long all = batches.Sum(tokens);
        if (all <= 0) throw new ArgumentException("GradientAccumulation: no batch has a token.", nameof(batches));
        double sum = 0;
        try
        {
            foreach (var batch in batches)
            {
                double share = (double)tokens(batch) / all;
                if (share == 0) continue;
                using var tape = Optimizer.Device.Record();
                var value = loss(batch);
                if (value.Count != 1) throw new ShapeException("GradientAccumulation", $"the loss must have one element, got {value.Shape}; reduce it.");
                tape.Backward(value, Optimizer.Device.Tensor([(float)share], value.Shape));
                if (report) sum += share * value.ToArray()[0];
            }
        }
        catch
        {
            foreach (var parameter in Optimizer.Parameters) parameter.ClearGradient();
            throw;
        }
        Optimizer.Step();
        return report ? sum : double.NaN;
    }
}
