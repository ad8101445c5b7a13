namespace GpuNets.Reference;

/// <summary>
/// A number of reference code with its derivative along one direction (forward-mode differentiation). Computes in double precision;
/// inside <see cref="InSingle"/> every operation rounds to float32, so that the same formula is also the plain float implementation
/// whose error bounds ours. (Rounding a double result of + - * / or a square root to float gives exactly the float operation's result.)
/// </summary>
/// <param name="value">The value.</param>
/// <param name="tangent">Its derivative.</param>
public readonly struct Real(double value, double tangent = 0) : IEquatable<Real>
{
    [ThreadStatic] private static bool t_single;

    public double Value { get; } = Round(value);

    public double Tangent { get; } = Round(tangent);

    /// <summary>True while operations of this thread round to float32.</summary>
    public static bool IsSingle => t_single;

    /// <summary>Rounds every operation of this thread to float32 until the result is disposed.</summary>
    public static IDisposable InSingle() => new SingleScope();

    public static implicit operator Real(double value) => new(value);
    public static explicit operator double(Real real) => real.Value;

    public static Real operator +(Real a, Real b) => new(a.Value + b.Value, a.Tangent + b.Tangent);
    public static Real operator -(Real a, Real b) => new(a.Value - b.Value, a.Tangent - b.Tangent);
    public static Real operator -(Real a) => new(-a.Value, -a.Tangent);
    public static Real operator *(Real a, Real b) => new(a.Value * b.Value, Round(a.Tangent * b.Value) + Round(a.Value * b.Tangent));

    public static Real operator /(Real a, Real b)
    {
        double quotient = Round(a.Value / b.Value);
        return new(quotient, Round(a.Tangent - Round(quotient * b.Tangent)) / b.Value);
    }

    public static bool operator >(Real a, Real b) => a.Value > b.Value;
    public static bool operator <(Real a, Real b) => a.Value < b.Value;
    public static bool operator >=(Real a, Real b) => a.Value >= b.Value;
    public static bool operator <=(Real a, Real b) => a.Value <= b.Value;
    public static bool operator ==(Real a, Real b) => a.Value == b.Value;
    public static bool operator !=(Real a, Real b) => a.Value != b.Value;

    public static Real Exp(Real x)
    {
        double y = t_single ? MathF.Exp((float)x.Value) : Math.Exp(x.Value);
        return new(y, y * x.Tangent);
    }

    public static Real Log(Real x) => new(t_single ? MathF.Log((float)x.Value) : Math.Log(x.Value), x.Tangent / x.Value);

    public static Real Sqrt(Real x)
    {
        double y = Round(Math.Sqrt(x.Value));
        return new(y, x.Tangent / Round(2 * y));
    }

    public static Real Tanh(Real x)
    {
        double y = t_single ? MathF.Tanh((float)x.Value) : Math.Tanh(x.Value);
        return new(y, Round(1 - Round(y * y)) * x.Tangent);
    }

    /// <summary>x^y for a constant exponent.</summary>
    public static Real Pow(Real x, double exponent)
    {
        double slope = exponent == 0 ? 0 : Round(exponent * Power(x.Value, exponent - 1));
        return new(Power(x.Value, exponent), slope * x.Tangent);
    }

    public static Real Erf(Real x)
    {
        double slope = Round(2 / Math.Sqrt(Math.PI) * Round(Math.Exp(Round(-x.Value * x.Value))));
        return new(SpecialFunctions.Erf(x.Value), slope * x.Tangent);
    }

    /// <summary>1 / (1 + e^-x), with the usual slope y (1 - y).</summary>
    public static Real Sigmoid(Real x)
    {
        double y = (1 / (1 + Exp(-x.Value))).Value;
        return new(y, Round(y * Round(1 - y)) * x.Tangent);
    }

    public static Real Abs(Real x) => x.Value < 0 ? -x : x;

    /// <summary>The larger value; the first if equal; NaN if there is one.</summary>
    public static Real Max(Real a, Real b) => double.IsNaN(a.Value) || a.Value >= b.Value ? a : b;

    /// <summary>The smaller value; the first if equal; NaN if there is one.</summary>
    public static Real Min(Real a, Real b) => double.IsNaN(a.Value) || a.Value <= b.Value ? a : b;

    public bool Equals(Real other) => Value.Equals(other.Value);
    public override bool Equals(object? obj) => obj is Real other && Equals(other);
    public override int GetHashCode() => Value.GetHashCode();
    public override string ToString() => Tangent == 0 ? $"{Value:R}" : $"{Value:R} ({Tangent:R})";

    private static double Round(double value) => t_single ? (float)value : value;

    private static double Power(double x, double y) => t_single ? MathF.Pow((float)x, (float)y) : Math.Pow(x, y);

    private sealed class SingleScope : IDisposable
    {
        public SingleScope()
        {
            if (t_single) throw new InvalidOperationException("Already in single precision.");
            t_single = true;
        }

        public void Dispose() => t_single = false;
    }
}
