using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

// The functions of LaneMath and of the lanes as ops, so that they run in kernels. Their derivatives are not used.

internal readonly struct ExpOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Exp(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct LogOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Log(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct TanhOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Tanh(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct SigmoidOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Sigmoid(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct SoftplusOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Softplus(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct ErfOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Erf(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct AbsoluteOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Abs(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct RootOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Sqrt(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct FloorOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.Floor(x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct GreaterOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(x, T.Of(1f), T.Of(2f), T.Of(3f));
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct LessOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfGreater(T.Of(1f), x, T.Of(2f), T.Of(3f));
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct EqualOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => T.IfEqual(T.Of(0f), x, T.Of(2f), T.Of(3f));
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct MaximumOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Max(x, T.Of(1f));
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}

internal readonly struct MinimumOp : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => LaneMath.Min(T.Of(1f), x);
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => y;
}
