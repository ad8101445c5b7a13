using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[YOffset + i] = x[XOffset + i]: the copy that is left when all axes of a strided copy fall into one.</summary>
internal struct ContiguousCopy<TStore> : IElementKernel where TStore : struct, IStore
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public int XOffset, YOffset;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new CopyBody<TStore> { X = X.Ptr() + XOffset, Y = Y.Ptr() + YOffset });
}

internal unsafe struct CopyBody<TStore> : IElementBody where TStore : struct, IStore
{
    public float* X, Y;

    public readonly void At<T>(int i) where T : struct, ILane<T> => TStore.To(Y, i, T.Load(X, i));
}
