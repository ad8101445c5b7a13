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

/// <summary>A number on a <see cref="ReferenceTape"/>, or a constant.</summary>
public readonly struct ReferenceValue : IReferenceNumber<ReferenceValue>
{
    private readonly ReferenceTape? _tape;
    private readonly double _constant;

    internal ReferenceValue(ReferenceTape tape, int index) => (_tape, Index) = (tape, index);

    private ReferenceValue(double constant) => (_constant, Index) = (constant, -1);

    /// <summary>Its place on the tape and in the gradients; -1 for a constant.</summary>
    public int Index { get; }

    /// <inheritdoc/>
    public double Number => _tape?.Value(Index) ?? _constant;

    public static implicit operator ReferenceValue(double value) => new(value);

    public static ReferenceValue operator +(ReferenceValue a, ReferenceValue b) => Binary(a, b, a.Number + b.Number, 1, 1);
    public static ReferenceValue operator -(ReferenceValue a, ReferenceValue b) => Binary(a, b, a.Number - b.Number, 1, -1);
    public static ReferenceValue operator *(ReferenceValue a, ReferenceValue b) => Binary(a, b, a.Number * b.Number, b.Number, a.Number);

    public static ReferenceValue operator /(ReferenceValue a, ReferenceValue b) =>
        Binary(a, b, a.Number / b.Number, 1 / b.Number, -a.Number / (b.Number * b.Number));

    public static ReferenceValue Exp(ReferenceValue x) => Unary(x, Math.Exp(x.Number), Math.Exp(x.Number));
    public static ReferenceValue Log(ReferenceValue x) => Unary(x, Math.Log(x.Number), 1 / x.Number);
    public static ReferenceValue Tanh(ReferenceValue x) => Unary(x, Math.Tanh(x.Number), 1 - Math.Tanh(x.Number) * Math.Tanh(x.Number));

    /// <summary>Square root; the derivative at 0 is taken as 0.</summary>
    public static ReferenceValue Sqrt(ReferenceValue x) => Unary(x, Math.Sqrt(x.Number), x.Number > 0 ? 0.5 / Math.Sqrt(x.Number) : 0);

    public static ReferenceValue Max(ReferenceValue a, ReferenceValue b) => a.Number > b.Number ? a : b;

    private static ReferenceValue Unary(ReferenceValue x, double value, double slope) =>
        x._tape is { } tape ? tape.Add(value, x.Index, -1, slope, 0) : new(value);

    private static ReferenceValue Binary(ReferenceValue a, ReferenceValue b, double value, double byA, double byB) =>
        (a._tape ?? b._tape) is { } tape ? tape.Add(value, a.Index, b.Index, byA, byB) : new(value);
}
