using System.Collections.Immutable;

namespace GpuNets.Training;

/// <summary>Shifts and scales targets to mean 0 and variance 1 over the training data; predictions go the other way.</summary>
/// <param name="Means">Mean of each target over the training data.</param>
/// <param name="Deviations">Standard deviation of each (of the whole population), 1 where all values are equal.</param>
public sealed record TargetStandardization(ImmutableArray<double> Means, ImmutableArray<double> Deviations)
{
    /// <summary>Number of targets.</summary>
    public int Count => Means.Length;

    /// <summary>Takes mean and deviation from the training data.</summary>
    /// <param name="targets">Row-major values: [molecules, targets].</param>
    /// <param name="count">Number of targets.</param>
    /// <exception cref="ArgumentException">No molecules, no whole number of rows, or a value that is no finite number.</exception>
    public static TargetStandardization Of(ReadOnlySpan<double> targets, int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        if (targets.IsEmpty || targets.Length % count != 0)
            throw new ArgumentException($"TargetStandardization: {targets.Length} values, expected rows of {count}, one for each molecule.", nameof(targets));
        int rows = targets.Length / count;
        double[] means = new double[count], deviations = new double[count];
        for (int i = 0; i < targets.Length; i++)
        {
            if (!double.IsFinite(targets[i]))
                throw new ArgumentException($"TargetStandardization: target {i % count} of molecule {i / count} is {targets[i]}.", nameof(targets));
            means[i % count] += targets[i] / rows;
        }
        for (int i = 0; i < targets.Length; i++) deviations[i % count] += (targets[i] - means[i % count]) * (targets[i] - means[i % count]) / rows;
        for (int t = 0; t < count; t++)
        {
            double deviation = Math.Sqrt(deviations[t]);
            // What rounding leaves of equal values is no deviation.
            deviations[t] = deviation > 1e-12 * Math.Max(1, Math.Abs(means[t])) ? deviation : 1;
        }
        return new TargetStandardization([.. means], [.. deviations]);
    }

    /// <summary>What a network learns instead of a value.</summary>
    /// <param name="value">The value in its unit.</param>
    /// <param name="target">Number of the target.</param>
    public double Standardize(double value, int target = 0) => (value - Means[target]) / Deviations[target];

    /// <summary>The value that a network means.</summary>
    /// <param name="value">Its output.</param>
    /// <param name="target">Number of the target.</param>
    public double Restore(double value, int target = 0) => value * Deviations[target] + Means[target];
}
