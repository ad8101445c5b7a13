namespace GpuNets.Kernels;

/// <summary>An elementwise function of one variable with parameters, which are the fields of the struct.</summary>
internal interface IParametricOp
{
    /// <summary>y = f(x).</summary>
    T Forward<T>(T x) where T : struct, ILane<T>;

    /// <summary>f'(x), given x and y = f(x).</summary>
    T Derivative<T>(T x, T y) where T : struct, ILane<T>;
}
