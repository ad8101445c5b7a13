namespace GpuNets.Kernels;

/// <summary>What a reduction does with the values of a row.</summary>
internal interface IReducer
{
    /// <summary>The values 0..n-1 of a map; n is at least 1.</summary>
    static abstract float Over<TTeam, TMap>(int n, TMap map) where TTeam : struct, ITeam where TMap : struct, IElementMap;

    /// <summary>Two partial results.</summary>
    static abstract T Combine<T>(T a, T b) where T : struct, ILane<T>;
}

internal readonly struct SumOf : IReducer
{
    public static float Over<TTeam, TMap>(int n, TMap map) where TTeam : struct, ITeam where TMap : struct, IElementMap => TTeam.Sum(n, map);

    public static T Combine<T>(T a, T b) where T : struct, ILane<T> => a + b;
}

/// <summary>NaN if there is one.</summary>
internal readonly struct MaxOf : IReducer
{
    public static float Over<TTeam, TMap>(int n, TMap map) where TTeam : struct, ITeam where TMap : struct, IElementMap => TTeam.Max(n, map);

    public static T Combine<T>(T a, T b) where T : struct, ILane<T> => LaneMath.Max(a, b);
}

/// <summary>The elements of a row.</summary>
internal unsafe struct RowValues : IElementMap
{
    public float* X;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i);
}
