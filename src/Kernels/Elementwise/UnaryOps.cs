namespace GpuNets.Kernels;

internal readonly struct Exp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Exp(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
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

internal readonly struct Relu : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(T.Of(0f), x, T.Of(0f), x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.IfGreater(x, T.Of(0f), T.Of(1f), T.Of(0f));
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
