namespace GpuNets.Kernels;

/// <summary>What a row is multiplied with before it is added: nothing, one number per edge, or a number for every column.</summary>
internal unsafe interface IEdgeWeight
{
    /// <summary>A weight for every column, which are loaded as the columns are.</summary>
    static abstract bool PerColumn { get; }

    /// <summary>sum + w x, for the weight of an edge at a column.</summary>
    /// <param name="w">The weights.</param>
    /// <param name="at">First weight of the edge.</param>
    /// <param name="column">The column.</param>
    /// <param name="x">The row's values.</param>
    /// <param name="sum">What they are added to.</param>
    static abstract T Add<T>(float* w, int at, int column, T x, T sum) where T : struct, ILane<T>;

    /// <summary>w x.</summary>
    static abstract T Times<T>(float* w, int at, int column, T x) where T : struct, ILane<T>;
}

internal readonly unsafe struct NoWeight : IEdgeWeight
{
    public static bool PerColumn => false;

    public static T Add<T>(float* w, int at, int column, T x, T sum) where T : struct, ILane<T> => sum + x;

    public static T Times<T>(float* w, int at, int column, T x) where T : struct, ILane<T> => x;
}

/// <summary>One number for all columns.</summary>
internal readonly unsafe struct SharedWeight : IEdgeWeight
{
    public static bool PerColumn => false;

    public static T Add<T>(float* w, int at, int column, T x, T sum) where T : struct, ILane<T> => T.MulAdd(T.Of(w[at]), x, sum);

    public static T Times<T>(float* w, int at, int column, T x) where T : struct, ILane<T> => T.Of(w[at]) * x;
}

/// <summary>A number for every column.</summary>
internal readonly unsafe struct ColumnWeight : IEdgeWeight
{
    public static bool PerColumn => true;

    public static T Add<T>(float* w, int at, int column, T x, T sum) where T : struct, ILane<T> => T.MulAdd(T.Load(w, at + column), x, sum);

    public static T Times<T>(float* w, int at, int column, T x) where T : struct, ILane<T> => T.Load(w, at + column) * x;
}
