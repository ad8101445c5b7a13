namespace GpuNets.Kernels;

/// <summary>y = x: the epilogue of a plain product.</summary>
internal readonly struct NoActivation : IUnaryOp
{
    public static T Forward<T>(T x) where T : struct, ILane<T> => x;
    public static T Derivative<T>(T x, T y) where T : struct, ILane<T> => T.Of(1f);
}
