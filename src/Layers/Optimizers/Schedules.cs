namespace GpuNets;

/// <summary>Learning rates as pure functions of the step (0, 1, ...), for <see cref="Optimizer.Schedule"/>.</summary>
public static class Schedules
{
    /// <summary>Always the same.</summary>
    public static Func<long, float> Constant(float rate) => _ => rate;

    /// <summary>From 0 (excluded) up to <paramref name="rate"/> in a straight line over the warm-up, then what follows.</summary>
    /// <param name="rate">Rate at the end of the warm-up.</param>
    /// <param name="warmup">Steps of the warm-up.</param>
    /// <param name="then">Rate after it, as a function of the steps since; constant if null.</param>
    public static Func<long, float> Warmup(float rate, long warmup, Func<long, float>? then = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(warmup);
        return step => step < warmup ? rate * (step + 1) / warmup : then?.Invoke(step - warmup) ?? rate;
    }

    /// <summary>factor size^-0.5 min(t^-0.5, t warmup^-1.5) with t = step + 1 (Vaswani et al. 2017, eq. 3).</summary>
    public static Func<long, float> InverseSquareRoot(int modelSize, long warmup, float factor = 1f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(warmup, 1);
        return step => (float)(factor / Math.Sqrt(modelSize) * Math.Min(1 / Math.Sqrt(step + 1), (step + 1) * Math.Pow(warmup, -1.5)));
    }

    /// <summary>Half a cosine from <paramref name="rate"/> to <paramref name="final"/> over so many steps, then constant.</summary>
    public static Func<long, float> Cosine(float rate, long steps, float final = 0f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return step => (float)(final + (rate - final) * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(step, steps) / steps)));
    }

    /// <summary>A straight line from <paramref name="rate"/> to <paramref name="final"/> over so many steps, then constant.</summary>
    public static Func<long, float> Linear(float rate, long steps, float final = 0f)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(steps, 1);
        return step => rate + (final - rate) * Math.Min(step, steps) / steps;
    }

    /// <summary>rate decay^(step / every), with a real quotient.</summary>
    public static Func<long, float> Exponential(float rate, float decay, long every = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(every, 1);
        return step => (float)(rate * Math.Pow(decay, step / (double)every));
    }

    /// <summary>rate times <paramref name="factor"/> for every milestone that was reached.</summary>
    public static Func<long, float> Milestones(float rate, float factor, params long[] milestones) =>
        step => (float)(rate * Math.Pow(factor, milestones.Count(milestone => step >= milestone)));
}
