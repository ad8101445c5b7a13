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
