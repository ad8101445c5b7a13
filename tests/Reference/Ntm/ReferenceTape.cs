namespace GpuNets.Reference;

/// <summary>
/// Reverse-mode differentiation of scalars in double precision: the slow, plain way to gradients of formulas that are too long to
/// differentiate by hand twice.
/// </summary>
public sealed class ReferenceTape
{
    private readonly List<(int Left, int Right, double ByLeft, double ByRight)> _nodes = [];
    private readonly List<double> _values = [];

    /// <summary>An independent variable or a constant.</summary>
    public ReferenceValue Variable(double value) => Add(value, -1, -1, 0, 0);

    /// <summary>One variable per value.</summary>
    public ReferenceValue[] Variables(IEnumerable<double> values) => [.. values.Select(Variable)];

    /// <summary>Derivatives of one value with respect to all others on the tape.</summary>
    public double[] Gradients(ReferenceValue of)
    {
        var gradients = new double[_nodes.Count];
        gradients[of.Index] = 1;
        for (int i = of.Index; i >= 0; i--)
        {
            var (left, right, byLeft, byRight) = _nodes[i];
            if (gradients[i] == 0) continue;
            if (left >= 0) gradients[left] += byLeft * gradients[i];
            if (right >= 0) gradients[right] += byRight * gradients[i];
        }
        return gradients;
    }

    internal double Value(int index) => _values[index];

    internal ReferenceValue Add(double value, int left, int right, double byLeft, double byRight)
    {
        _nodes.Add((left, right, byLeft, byRight));
        _values.Add(value);
        return new ReferenceValue(this, _nodes.Count - 1);
    }
}

/// <summary>A number on a <see cref="ReferenceTape"/>.</summary>
public readonly struct ReferenceValue(ReferenceTape tape, int index)
{
    private readonly ReferenceTape _tape = tape;

    /// <summary>Its place on the tape and in the gradients.</summary>
    public int Index { get; } = index;

    /// <summary>The number.</summary>
    public double Number => _tape.Value(Index);

    public static ReferenceValue operator +(ReferenceValue a, ReferenceValue b) => a.Binary(b, a.Number + b.Number, 1, 1);
    public static ReferenceValue operator +(ReferenceValue a, double b) => a.Unary(a.Number + b, 1);
    public static ReferenceValue operator -(ReferenceValue a, ReferenceValue b) => a.Binary(b, a.Number - b.Number, 1, -1);
    public static ReferenceValue operator -(double a, ReferenceValue b) => b.Unary(a - b.Number, -1);
    public static ReferenceValue operator *(ReferenceValue a, ReferenceValue b) => a.Binary(b, a.Number * b.Number, b.Number, a.Number);
    public static ReferenceValue operator *(ReferenceValue a, double b) => a.Unary(a.Number * b, b);

    public static ReferenceValue operator /(ReferenceValue a, ReferenceValue b) =>
        a.Binary(b, a.Number / b.Number, 1 / b.Number, -a.Number / (b.Number * b.Number));

    public ReferenceValue Exp() => Unary(Math.Exp(Number), Math.Exp(Number));
    public ReferenceValue Log() => Unary(Math.Log(Number), 1 / Number);
    public ReferenceValue Tanh() => Unary(Math.Tanh(Number), 1 - Math.Tanh(Number) * Math.Tanh(Number));
    public ReferenceValue Relu() => Unary(Math.Max(Number, 0), Number > 0 ? 1 : 0);
    public ReferenceValue Softplus() => Unary(Math.Max(Number, 0) + Math.Log(1 + Math.Exp(-Math.Abs(Number))), 1 / (1 + Math.Exp(-Number)));

    /// <summary>Square root; the derivative at 0 is taken as 0.</summary>
    public ReferenceValue Sqrt() => Unary(Math.Sqrt(Number), Number > 0 ? 0.5 / Math.Sqrt(Number) : 0);

    public ReferenceValue Sigmoid()
    {
        double y = 1 / (1 + Math.Exp(-Number));
        return Unary(y, y * (1 - y));
    }

    /// <summary>The larger of this and a constant; no gradient where the constant wins.</summary>
    public ReferenceValue AtLeast(double bound) => Unary(Math.Max(Number, bound), Number > bound ? 1 : 0);

    /// <summary>Clipped to [-bound, bound]; no gradient outside.</summary>
    public ReferenceValue Clip(double bound) => Unary(Math.Clamp(Number, -bound, bound), Math.Abs(Number) > bound ? 0 : 1);

    public ReferenceValue Constant(double value) => _tape.Variable(value);

    private ReferenceValue Unary(double value, double slope) => _tape.Add(value, Index, -1, slope, 0);

    private ReferenceValue Binary(ReferenceValue other, double value, double byThis, double byOther) =>
        _tape.Add(value, Index, other.Index, byThis, byOther);
}
