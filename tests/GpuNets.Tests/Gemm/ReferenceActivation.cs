namespace GpuNets.Tests;

/// <summary>Activations and their derivatives in double precision.</summary>
internal static class ReferenceActivation
{
    public static double Forward(Activation activation, double x) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => Math.Max(x, 0),
        Activation.Tanh => Math.Tanh(x),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)),
        Activation.Gelu => x * NormalDistribution(x),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    public static double Derivative(Activation activation, double x) => activation switch
    {
        Activation.Identity => 1,
        Activation.Relu => x > 0 ? 1 : 0,
        Activation.Tanh => 1 - Math.Pow(Math.Tanh(x), 2),
        Activation.Sigmoid => 1 / (1 + Math.Exp(-x)) / (1 + Math.Exp(x)),
        Activation.Gelu => NormalDistribution(x) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI),
        _ => throw new ArgumentOutOfRangeException(nameof(activation)),
    };

    /// <summary>1/2 + phi(x) (x + x^3/3 + x^5/(3 5) + ...): converges for every x, exact to rounding for the |x| of the tests.</summary>
    private static double NormalDistribution(double x)
    {
        double term = x, sum = x;
        for (int n = 3; Math.Abs(term) > 1e-18 && n < 400; n += 2) sum += term *= x * x / n;
        return 0.5 + sum * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
    }
}
