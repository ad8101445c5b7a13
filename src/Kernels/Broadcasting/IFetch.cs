namespace GpuNets.Kernels;

/// <summary>How an operand is read along a row.</summary>
internal unsafe interface IFetch
{
    static abstract T Load<T>(float* source, int index) where T : struct, ILane<T>;
}

/// <summary>Moves on with the row.</summary>
internal readonly unsafe struct Along : IFetch
{
    public static T Load<T>(float* source, int index) where T : struct, ILane<T> => T.Load(source, index);
}

/// <summary>One value for the whole row.</summary>
internal readonly unsafe struct Fixed : IFetch
{
    public static T Load<T>(float* source, int index) where T : struct, ILane<T> => T.Of(source[0]);
}
