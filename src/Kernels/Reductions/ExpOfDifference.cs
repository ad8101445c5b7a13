namespace GpuNets.Kernels;

/// <summary>e^(a - b).</summary>
internal readonly struct ExpOfDifference : IBinaryFunction
{
    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => LaneMath.Exp(a - b);
}

/// <summary>a + ln b, a being the shift that <see cref="ExpOfDifference"/> took off.</summary>
internal readonly struct ShiftedLog : IBinaryFunction
{
    public static T Forward<T>(T a, T b) where T : struct, ILane<T> => a + LaneMath.Log(b);
}
