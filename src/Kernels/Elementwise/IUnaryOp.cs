namespace GpuNets.Kernels;

/// <summary>An elementwise function of one variable, as a formula over lanes.</summary>
internal interface IUnaryFunction
{
    /// <summary>y = f(x).</summary>
    static abstract T Forward<T>(T x) where T : struct, ILane<T>;
}

/// <summary>A function with its derivative.</summary>
internal interface IUnaryOp : IUnaryFunction
{
    /// <summary>f'(x), given x and y = f(x). An op that needs only one of them leaves the other alone.</summary>
    static abstract T Derivative<T>(T x, T y) where T : struct, ILane<T>;
}
