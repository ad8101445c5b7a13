namespace GpuNets.Reference;

/// <summary>A <see cref="Real"/> as a reference number.</summary>
public readonly struct RealNumber(Real value) : IReferenceNumber<RealNumber>
{
    public Real Value { get; } = value;

    /// <inheritdoc/>
    public double Number => Value.Value;

    public static implicit operator RealNumber(double value) => new(value);
    public static RealNumber operator +(RealNumber a, RealNumber b) => new(a.Value + b.Value);
    public static RealNumber operator -(RealNumber a, RealNumber b) => new(a.Value - b.Value);
    public static RealNumber operator *(RealNumber a, RealNumber b) => new(a.Value * b.Value);
    public static RealNumber operator /(RealNumber a, RealNumber b) => new(a.Value / b.Value);
    public static RealNumber Exp(RealNumber x) => new(Real.Exp(x.Value));
    public static RealNumber Log(RealNumber x) => new(Real.Log(x.Value));
    public static RealNumber Sqrt(RealNumber x) => new(Real.Sqrt(x.Value));
    public static RealNumber Tanh(RealNumber x) => new(Real.Tanh(x.Value));
    public static RealNumber Max(RealNumber a, RealNumber b) => a.Value > b.Value ? a : b;
}
