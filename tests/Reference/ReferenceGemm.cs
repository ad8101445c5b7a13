namespace GpuNets.Reference;

/// <summary>Matrix products in double precision, with the largest error that summation in single precision may have.</summary>
public static class ReferenceGemm
{
    /// <summary>
    /// One output: start + sum_k a(k) b(k), and a bound of the error of any order of single-precision summation (Higham 2002, 3.1):
    /// (k + 1) u sum |a b|, u = 2^-24, where start (and a bias in it) counts as one more term.
    /// </summary>
    public static (double Value, double Bound) Dot(int k, Func<int, float> a, Func<int, float> b, params ReadOnlySpan<float> starts)
    {
        double value = 0, magnitude = 0;
        foreach (float start in starts)
        {
            value += start;
            magnitude += Math.Abs(start);
        }
        for (int i = 0; i < k; i++)
        {
            double term = (double)a(i) * b(i);
            value += term;
            magnitude += Math.Abs(term);
        }
        return (value, (k + 1 + starts.Length) * Math.Pow(2, -24) * magnitude);
    }
}
