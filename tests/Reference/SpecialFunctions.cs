namespace GpuNets.Reference;

/// <summary>Functions that .NET lacks, in double precision.</summary>
public static class SpecialFunctions
{
    /// <summary>Error function: e^(-x^2) times a series of positive terms below 3, continued fraction of the complement above.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (double.IsNaN(x)) return x;
        if (a > 6) return Math.Sign(x);
        if (a < 3)
        {
            double term = x, sum = x;
            for (int n = 1; Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
            {
                term *= 2 * x * x / (2 * n + 1);
                sum += term;
            }
            return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
        }
        double fraction = 0;
        for (int k = 60; k > 0; k--) fraction = k / 2.0 / (a + fraction);
        return Math.Sign(x) * (1 - Math.Exp(-a * a) / (Math.Sqrt(Math.PI) * (a + fraction)));
    }
}
