namespace GpuNets.Kernels;

/// <summary>Products of two rows, whose sum is their dot product.</summary>
internal unsafe struct Products : IElementMap
{
    public float* X, Y;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i) * T.Load(Y, i);
}
