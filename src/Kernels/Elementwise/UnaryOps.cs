namespace GpuNets.Kernels;

internal readonly struct Negate : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => -x;
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(-1f);
}

internal readonly struct Abs : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Abs(x);

    /// <summary>The sign; 0 at 0.</summary>
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        T.IfGreater(x, T.Of(0f), T.Of(1f), T.IfGreater(T.Of(0f), x, T.Of(-1f), T.Of(0f)));
}

internal readonly struct Reciprocal : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Of(1f) / x;
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => -(y * y);
}

internal readonly struct Square : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => x * x;
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => x + x;
}

internal readonly struct Sqrt : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(0.5f) / y;
}

internal readonly struct Exp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Exp(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct Log : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Log(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(1f) / x;
}

internal readonly struct Tanh : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Tanh(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(1f) - y * y;
}

internal readonly struct Sigmoid : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Sigmoid(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y * (T.Of(1f) - y);
}

internal readonly struct Softplus : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Softplus(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => LaneMath.Sigmoid(x);
}

internal readonly struct Relu : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(T.Of(0f), x, T.Of(0f), x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), T.Of(1f), T.Of(0f));
}

/// <summary>x / (1 + e^-x).</summary>
internal readonly struct Silu : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => x * LaneMath.Sigmoid(x);

    public static T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        // Sigmoid of x and of -x from the exponential that does not overflow, as in GeluTanh.
        T e = LaneMath.Exp(-T.Abs(x)), large = T.Of(1f) / (e + T.Of(1f)), small = e * large;
        return T.MulAdd(x * large, small, T.IfGreater(T.Of(0f), x, small, large));
    }
}

/// <summary>x Phi(x), Phi being the distribution function of the standard normal.</summary>
internal readonly struct Gelu : IUnaryOp
{
    // By erfc, so that the small values on the negative side keep their relative precision.
    public static T Forward<T>(T x) where T : struct, ILane<T> => x * Phi(x);

    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> =>
        LaneMath.Exp(x * x * T.Of(-0.5f)) * x * T.Of(0.398942280401432678f) + Phi(x);

    private static T Phi<T>(T x) where T : struct, ILane<T> => LaneMath.Erfc(x * T.Of(-0.707106781186547524f)) * T.Of(0.5f);
}

/// <summary>x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3).</summary>
internal readonly struct GeluTanh : IUnaryOp
{
    private const float Twice = 1.5957691216057308f;   // 2 sqrt(2 / pi)

    // (1 + tanh(u)) / 2 is the sigmoid of 2u, which does not cancel where u is negative.
    public static T Forward<T>(T x) where T : struct, ILane<T> => x * LaneMath.Sigmoid(Argument(x));

    public static T Derivative<T>(T x, T y) where T : struct, ILane<T>
    {
        T u = Argument(x), slope = T.MulAdd(x * x, T.Of(3f * 0.044715f * Twice), T.Of(Twice));
        // Sigmoid of u and of -u from the exponential that does not overflow: 1 minus the larger one would lose the smaller.
        T e = LaneMath.Exp(-T.Abs(u)), large = T.Of(1f) / (e + T.Of(1f)), small = e * large;
        T gate = T.IfGreater(T.Of(0f), u, small, large);
        return T.MulAdd(x * slope * large, small, gate);
    }

    private static T Argument<T>(T x) where T : struct, ILane<T> => x * T.MulAdd(x * x, T.Of(0.044715f * Twice), T.Of(Twice));
}

/// <summary>x, or 0 where it is infinite: the shift of exponentials, where infinity minus infinity would be NaN.</summary>
internal readonly struct FiniteOrZero : IUnaryFunction
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(T.Abs(x), T.Of(float.MaxValue), T.Of(0f), x);
}
