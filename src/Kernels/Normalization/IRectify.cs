using System.Runtime.CompilerServices;

namespace GpuNets.Kernels;

/// <summary>What a normalisation does to z = (x - mean) rstd w + b: nothing, or max(z, 0) in the same pass.</summary>
internal interface IRectify
{
    /// <summary>y, given z.</summary>
    static abstract T Forward<T>(T z) where T : struct, ILane<T>;

    /// <summary>The gradient of z, given z, computed anew from x, and that of y.</summary>
    static abstract T Backward<T>(T z, T dy) where T : struct, ILane<T>;
}

internal readonly struct NoRectifier : IRectify
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, ILane<T> => z;
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T z, T dy) where T : struct, ILane<T> => dy;
}

internal readonly struct Rectifier : IRectify
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Forward<T>(T z) where T : struct, ILane<T> => T.IfGreater(T.Of(0f), z, T.Of(0f), z);
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Backward<T>(T z, T dy) where T : struct, ILane<T> => T.IfGreater(z, T.Of(0f), dy, T.Of(0f));
}
