using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[YOffset + sum_k i_k ys_k] = x[XOffset + sum_k i_k xs_k] with the innermost axis done by a team: host cores and PoCL, where a
/// contiguous inner axis becomes vector code and the index arithmetic is paid once per row.
/// </summary>
internal struct StridedRows<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> X, Y;
    public StridedAxes Outer;
    public int XOffset, YOffset, Inner, XInner, YInner;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int xOffset = XOffset, yOffset = YOffset;
        Outer.Offsets(row, ref xOffset, ref yOffset);
        float* x = X.Ptr() + xOffset, y = Y.Ptr() + yOffset;
        if (YInner == 1 && XInner == 1) TTeam.Each(Inner, new CopyBody<TStore> { X = x, Y = y });
        else if (YInner == 1 && XInner == 0) TTeam.Each(Inner, new Spread { X = x, Y = y });
        else TTeam.Each(Inner, new Strided { X = x, Y = y, XStride = XInner, YStride = YInner });
    }

    private unsafe struct Spread : IElementBody
    {
        public float* X, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => TStore.To(Y, i, T.Of(X[0]));
    }

    private unsafe struct Strided : IElementBody
    {
        public float* X, Y;
        public int XStride, YStride;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++) TStore.To(Y, lane * YStride, new Scalar(X[lane * XStride]));
        }
    }
}

/// <summary>The same, one element per thread: GPUs, where neighbouring threads write neighbouring elements, and short rows on PoCL.</summary>
internal struct StridedElements<TStore> : IElementKernel where TStore : struct, IStore
{
    public ArrayView<float> X, Y;
    public StridedAxes Outer;
    public StridedAxis Inner;
    public int XOffset, YOffset;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { X = X.Ptr(), Y = Y.Ptr(), Outer = Outer, Inner = Inner, XOffset = XOffset, YOffset = YOffset });

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public StridedAxes Outer;
        public StridedAxis Inner;
        public int XOffset, YOffset;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int x = XOffset, y = YOffset;
                Outer.Offsets(Inner.Step(lane, ref x, ref y), ref x, ref y);
                TStore.To(Y, y, new Scalar(X[x]));
            }
        }
    }
}
