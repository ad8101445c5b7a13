using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>Activations of head parameters, picked by a number.</summary>
internal static class NtmActivation
{
    public const int Identity = 0, Relu = 1, Tanh = 2, Sigmoid = 3, Softplus = 4;

    public static T Clip<T>(T x, float bound) where T : struct, ILane<T> =>
        T.IfGreater(x, T.Of(bound), T.Of(bound), T.IfGreater(T.Of(-bound), x, T.Of(-bound), x));

    /// <summary>f(x) of a value that is clipped already.</summary>
    public static T Forward<T>(int kind, T x) where T : struct, ILane<T>
    {
        if (kind == Relu) return T.IfGreater(T.Of(0f), x, T.Of(0f), x);
        if (kind == Tanh) return LaneMath.Tanh(x);
        if (kind == Sigmoid) return LaneMath.Sigmoid(x);
        return kind == Softplus ? LaneMath.Softplus(x) : x;
    }

    /// <summary>d f(clip(x)) / dx, given the raw x and y = f(clip(x)).</summary>
    public static T Derivative<T>(int kind, T x, T y, float clip) where T : struct, ILane<T>
    {
        T slope = T.Of(1f);
        if (kind == Relu) slope = T.IfGreater(x, T.Of(0f), T.Of(1f), T.Of(0f));
        else if (kind == Tanh) slope = T.Of(1f) - y * y;
        else if (kind == Sigmoid) slope = y * (T.Of(1f) - y);
        else if (kind == Softplus) slope = LaneMath.Sigmoid(x);
        return T.IfGreater(T.Abs(x), T.Of(clip), T.Of(0f), slope);
    }
}
