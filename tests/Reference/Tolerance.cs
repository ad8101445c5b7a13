namespace GpuNets.Reference;

/// <summary>Comparison of float results with double-precision reference values.</summary>
public static class Tolerance
{
    /// <summary>Unit round-off of float32.</summary>
    public const double Epsilon = 1.1920929e-7 / 2;

    /// <summary>Largest |actual - expected| / max(|expected|, scale), where scale is the largest |expected| times 1e-3 or 1e-30.</summary>
    public static double RelativeError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length) throw new ArgumentException($"{actual.Length} values against {expected.Length}.");
        double scale = 1e-30, worst = 0;
        foreach (double e in expected) scale = Math.Max(scale, 1e-3 * Math.Abs(e));
        for (int i = 0; i < actual.Length; i++)
        {
            if (double.IsNaN(expected[i]) && float.IsNaN(actual[i])) continue;
            if (expected[i] == actual[i]) continue;
            double error = Math.Abs(actual[i] - expected[i]) / Math.Max(Math.Abs(expected[i]), scale);
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }
        return worst;
    }

    /// <summary>Largest |actual - expected| / max |expected|.</summary>
    public static double NormwiseError(ReadOnlySpan<float> actual, ReadOnlySpan<double> expected)
    {
        if (actual.Length != expected.Length) throw new ArgumentException($"{actual.Length} values against {expected.Length}.");
        double scale = 1e-30, worst = 0;
        foreach (double e in expected) scale = Math.Max(scale, Math.Abs(e));
        for (int i = 0; i < actual.Length; i++)
        {
            double error = Math.Abs(actual[i] - expected[i]);
            worst = double.IsNaN(error) ? double.PositiveInfinity : Math.Max(worst, error);
        }
        return worst / scale;
    }
}
