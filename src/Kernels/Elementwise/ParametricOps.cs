namespace GpuNets.Kernels;

/// <summary>x + b.</summary>
internal readonly struct AddScalar(float b) : IParametricOp
{
    private readonly float _b = b;

    public T Forward<T>(T x) where T : struct, ILane<T> => x + T.Of(_b);
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(1f);
}

/// <summary>a - x.</summary>
internal readonly struct SubtractFromScalar(float a) : IParametricOp
{
    private readonly float _a = a;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.Of(_a) - x;
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(-1f);
}

/// <summary>a x.</summary>
internal readonly struct MultiplyScalar(float a) : IParametricOp
{
    private readonly float _a = a;

    public T Forward<T>(T x) where T : struct, ILane<T> => x * T.Of(_a);
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(_a);
}

/// <summary>x / b: correctly rounded, which a product with 1 / b is not.</summary>
internal readonly struct DivideByScalar(float b) : IParametricOp
{
    private readonly float _b = b;

    public T Forward<T>(T x) where T : struct, ILane<T> => x / T.Of(_b);
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(1f) / T.Of(_b);
}

/// <summary>a / x.</summary>
internal readonly struct DivideScalar(float a) : IParametricOp
{
    private readonly float _a = a;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.Of(_a) / x;
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => -(y / x);
}

/// <summary>x above 0, slope x below; the derivative at 0 is the slope.</summary>
internal readonly struct LeakyRelu(float slope) : IParametricOp
{
    private readonly float _slope = slope;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), x, x * T.Of(_slope));
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), T.Of(1f), T.Of(_slope));
}

/// <summary>x above 0, alpha (e^x - 1) below.</summary>
internal readonly struct Elu(float alpha) : IParametricOp
{
    private readonly float _alpha = alpha;

    public T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), x, LaneMath.ExpMinus1Negative(x) * T.Of(_alpha));
    public T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), T.Of(1f), LaneMath.Exp(x) * T.Of(_alpha));
}

/// <summary>x held between two bounds; the derivative is 1 at the bounds and between, 0 outside.</summary>
internal readonly struct Clamp(float low, float high) : IParametricOp
{
    private readonly float _low = low, _high = high;

    public T Forward<T>(T x) where T : struct, ILane<T> =>
        T.IfGreater(x, T.Of(_high), T.Of(_high), T.IfGreater(T.Of(_low), x, T.Of(_low), x));

    public T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.IfGreater(x, T.Of(_high), T.Of(0f), T.IfGreater(T.Of(_low), x, T.Of(0f), T.Of(1f)));
}

/// <summary>x^p for any base; negative bases give NaN unless p is a whole number, as in NumPy.</summary>
internal readonly struct Pow(float exponent) : IParametricOp
{
    private readonly float _exponent = exponent;

    // x^p = f |x|^p for negative x: 1 for even p, -1 for odd p, NaN for all others.
    private readonly float _negative = MathF.Floor(exponent) != exponent ? float.NaN : exponent % 2 == 0 ? 1f : -1f;

    public T Forward<T>(T x) where T : struct, ILane<T> => Power(x, _exponent, _negative);

    public T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T exponent = T.Of(_exponent), slope = Power(x, _exponent - 1f, -_negative) * exponent;
        return T.IfEqual(exponent, T.Of(0f), exponent, slope);   // not 0 times infinity at x = 0
    }

    private static T Power<T>(T x, float exponent, float negative) where T : struct, ILane<T>
    {
        T power = LanePower.NotNegative(T.Abs(x), T.Of(exponent));
        return T.IfGreater(T.Of(0f), x, power * T.Of(negative), power);
    }
}
