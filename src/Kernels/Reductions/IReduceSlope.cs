namespace GpuNets.Kernels;

/// <summary>Gradient of a reduction's input at element i, given the result y and its gradient dy, which repeat along reduced axes.</summary>
internal unsafe interface IReduceSlope
{
    static abstract T At<T, TFetch>(float* x, float* y, float* dy, int i, float factor) where T : struct, ILane<T> where TFetch : struct, IFetch;
}

/// <summary>Of a sum: factor dy.</summary>
internal readonly unsafe struct SumSlope : IReduceSlope
{
    public static T At<T, TFetch>(float* x, float* y, float* dy, int i, float factor)
        where T : struct, ILane<T> where TFetch : struct, IFetch => TFetch.Load<T>(dy, i) * T.Of(factor);
}

/// <summary>Of a maximum: 1 where x is the maximum, else 0 (dy alone: the shares are taken later).</summary>
internal readonly unsafe struct IsMaximum : IReduceSlope
{
    public static T At<T, TFetch>(float* x, float* y, float* dy, int i, float factor)
        where T : struct, ILane<T> where TFetch : struct, IFetch =>
        T.IfEqual(T.Load(x, i), TFetch.Load<T>(y, i), T.Of(1f), T.Of(0f));
}

/// <summary>Of a maximum: dy (already divided by the number of ties) where x is the maximum, else 0.</summary>
internal readonly unsafe struct MaxSlope : IReduceSlope
{
    public static T At<T, TFetch>(float* x, float* y, float* dy, int i, float factor)
        where T : struct, ILane<T> where TFetch : struct, IFetch =>
        T.IfEqual(T.Load(x, i), TFetch.Load<T>(y, i), TFetch.Load<T>(dy, i), T.Of(0f));
}

/// <summary>Of a log-sum-exp: dy e^(x - y), given the shift as y and dy already divided by the sum of e^(x - shift).</summary>
internal readonly unsafe struct LogSumExpSlope : IReduceSlope
{
    public static T At<T, TFetch>(float* x, float* y, float* dy, int i, float factor)
        where T : struct, ILane<T> where TFetch : struct, IFetch =>
        TFetch.Load<T>(dy, i) * LaneMath.Exp(T.Load(x, i) - TFetch.Load<T>(y, i));
}
