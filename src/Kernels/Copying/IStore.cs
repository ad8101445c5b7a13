namespace GpuNets.Kernels;

/// <summary>How a kernel puts a result to memory. <see cref="Write"/> never reads its target: pooled memory holds garbage.</summary>
internal unsafe interface IStore
{
    static abstract void To<T>(float* target, int index, T value) where T : struct, ILane<T>;
}

/// <summary>y = value.</summary>
internal readonly struct Write : IStore
{
    public static unsafe void To<T>(float* target, int index, T value) where T : struct, ILane<T> => T.Store(target, index, value);
}

/// <summary>y += value.</summary>
internal readonly struct Accumulate : IStore
{
    public static unsafe void To<T>(float* target, int index, T value) where T : struct, ILane<T> =>
        T.Store(target, index, T.Load(target, index) + value);
}
