using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = f(x[i]).</summary>
internal struct UnaryForward<TOp> : IElementKernel where TOp : struct, IUnaryFunction
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr() });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, TOp.Forward(T.Load(X, i)));
    }
}

/// <summary>dx[i] = dy[i] f'(x[i]).</summary>
internal struct UnaryBackward<TOp> : IElementKernel where TOp : struct, IUnaryOp
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, DY, DX;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), DY = DY.Ptr(), DX = DX.Ptr() });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y, DY, DX;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(DX, i, T.Load(DY, i) * TOp.Derivative(T.Load(X, i), T.Load(Y, i)));
    }
}
