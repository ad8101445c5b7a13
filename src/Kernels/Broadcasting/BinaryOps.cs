namespace GpuNets.Kernels;

/// <summary>a + b.</summary>
internal readonly unsafe struct Add : IBinaryOp
{
    public static int ConstantSlopeA => 1;
    public static int ConstantSlopeB => 1;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => a + b;

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy;

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy;
}

/// <summary>a - b.</summary>
internal readonly unsafe struct Subtract : IBinaryOp
{
    public static int ConstantSlopeA => 1;
    public static int ConstantSlopeB => -1;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => a - b;

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy;

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => -dy;
}

/// <summary>a b.</summary>
internal readonly unsafe struct Multiply : IBinaryOp
{
    public static int ConstantSlopeA => 0;
    public static int ConstantSlopeB => 0;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => a * b;

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy * TB.Load<T>(b, i);

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy * TA.Load<T>(a, i);
}

/// <summary>a / b.</summary>
internal readonly unsafe struct Divide : IBinaryOp
{
    public static int ConstantSlopeA => 0;
    public static int ConstantSlopeB => 0;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => a / b;

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch => dy / TB.Load<T>(b, i);

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch
    {
        T divisor = TB.Load<T>(b, i);
        return -(dy * (TA.Load<T>(a, i) / divisor) / divisor);
    }
}

/// <summary>The larger of a and b; equal ones share the gradient. NaN if either is.</summary>
internal readonly unsafe struct Maximum : IBinaryOp
{
    public static int ConstantSlopeA => 0;
    public static int ConstantSlopeB => 0;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => LaneMath.Max(a, b);

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        Share(TA.Load<T>(a, i), TB.Load<T>(b, i), dy);

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        Share(TB.Load<T>(b, i), TA.Load<T>(a, i), dy);

    /// <summary>dy where the winner is larger, half of it where both are equal.</summary>
    internal static T Share<T>(T winner, T loser, T dy) where T : struct, ILane<T> =>
        T.IfGreater(winner, loser, dy, T.IfEqual(winner, loser, dy * T.Of(0.5f), T.Of(0f)));
}

/// <summary>The smaller of a and b; equal ones share the gradient. NaN if either is.</summary>
internal readonly unsafe struct Minimum : IBinaryOp
{
    public static int ConstantSlopeA => 0;
    public static int ConstantSlopeB => 0;

    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => LaneMath.Min(a, b);

    public static T GradientA<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        Maximum.Share(TB.Load<T>(b, i), TA.Load<T>(a, i), dy);

    public static T GradientB<T, TA, TB>(float* a, float* b, int i, T dy)
        where T : struct, ILane<T> where TA : struct, IFetch where TB : struct, IFetch =>
        Maximum.Share(TA.Load<T>(a, i), TB.Load<T>(b, i), dy);
}
