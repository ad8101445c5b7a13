namespace GpuNets.Kernels;

/// <summary>A function of two variables.</summary>
internal interface IBinaryFunction
{
    /// <summary>y = f(a, b).</summary>
    static abstract T Forward<T>(T a, T b) where T : struct, ILane<T>;
}

/// <summary>A function of two variables with its gradients, which read what they need of a and b themselves.</summary>
internal unsafe interface IBinaryOp : IBinaryFunction
{
    /// <summary>dy df/da at element i.</summary>
    static abstract T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch;

    /// <summary>dy df/db at element i.</summary>
    static abstract T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch;

    /// <summary>df/da where it is the same 1 or -1 everywhere, else 0. Host only.</summary>
    static abstract int ConstantSlopeA { get; }

    /// <summary>df/db where it is the same 1 or -1 everywhere, else 0. Host only.</summary>
    static abstract int ConstantSlopeB { get; }
}
