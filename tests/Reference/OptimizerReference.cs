namespace GpuNets.Reference;

/// <summary>Optimiser updates of one parameter in double precision, as the papers state them.</summary>
public static class OptimizerReference
{
    /// <summary>State and parameter of one value; which fields are used depends on the rule.</summary>
    public sealed class Value
    {
        public double P, A, B, C;
    }

    public static void Sgd(Value v, double g, long step, double lr, double momentum, bool nesterov, double wd, double dampening)
    {
        double d = g + wd * v.P;
        if (momentum == 0) { v.P -= lr * d; return; }
        v.A = step == 1 ? d : momentum * v.A + (1 - dampening) * d;
        v.P -= lr * (nesterov ? d + momentum * v.A : v.A);
    }

    public static void Adam(Value v, double g, long step, double lr, double b1, double b2, double eps, double l2, double decoupled)
    {
        v.P *= 1 - lr * decoupled;
        double d = g + l2 * v.P;
        v.A = b1 * v.A + (1 - b1) * d;
        v.B = b2 * v.B + (1 - b2) * d * d;
        double m = v.A / (1 - Math.Pow(b1, step)), u = v.B / (1 - Math.Pow(b2, step));
        v.P -= lr * m / (Math.Sqrt(u) + eps);
    }

    public static void Adamax(Value v, double g, long step, double lr, double b1, double b2, double eps)
    {
        v.A = b1 * v.A + (1 - b1) * g;
        v.B = Math.Max(b2 * v.B, Math.Abs(g) + eps);
        v.P -= lr / (1 - Math.Pow(b1, step)) * v.A / v.B;
    }

    public static void Adadelta(Value v, double g, double lr, double rho, double eps)
    {
        v.A = rho * v.A + (1 - rho) * g * g;
        double s = Math.Sqrt(v.B + eps) / Math.Sqrt(v.A + eps) * g;
        v.B = rho * v.B + (1 - rho) * s * s;
        v.P -= lr * s;
    }

    public static void RmsProp(Value v, double g, double lr, double rho, double momentum, double eps, bool centered, bool graves)
    {
        v.A = rho * v.A + (1 - rho) * g * g;
        v.B = rho * v.B + (1 - rho) * g;
        double variance = centered ? v.A - v.B * v.B : v.A;
        if (graves)
        {
            v.C = momentum * v.C - lr * g / Math.Sqrt(variance + eps);
            v.P += v.C;
            return;
        }
        v.C = momentum * v.C + g / (Math.Sqrt(variance) + eps);
        v.P -= lr * v.C;
    }
}
