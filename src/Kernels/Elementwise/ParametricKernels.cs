using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[i] = f(x[i]), f with parameters.</summary>
internal struct ParametricForward<TOp> : IElementKernel where TOp : struct, IParametricOp
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public TOp Op;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), Op = Op });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public TOp Op;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, Op.Forward(T.Load(X, i)));
    }
}

/// <summary>dx[i] = dy[i] f'(x[i]), f with parameters.</summary>
internal struct ParametricBackward<TOp> : IElementKernel where TOp : struct, IParametricOp
{
    public static bool InFours => true;

    public ArrayView<float> X, Y, DY, DX;
    public TOp Op;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), DY = DY.Ptr(), DX = DX.Ptr(), Op = Op });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y, DY, DX;
        public TOp Op;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(DX, i, T.Load(DY, i) * Op.Derivative(T.Load(X, i), T.Load(Y, i)));
    }
}
