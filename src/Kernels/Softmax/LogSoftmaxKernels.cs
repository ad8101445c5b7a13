using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[r, c] = x[r, c] - ln sum_k e^x[r, k]. One team per row.</summary>
internal struct LogSoftmaxForward : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Y;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float* x = X.Ptr() + row * Columns;
        LogSumExpRows.Of<TTeam>(x, Columns, out float shift, out float sum);
        TTeam.Each(Columns, new Less { X = x, Y = Y.Ptr() + row * Columns, Shift = shift, Log = LaneMath.Log(new Scalar(sum)).Value });
    }

    private unsafe struct Less : IElementBody
    {
        public float* X, Y;
        public float Shift, Log;

        // Shift first: that difference is exact where it matters, at the largest values.
        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Store(Y, i, (T.Load(X, i) - T.Of(Shift)) - T.Of(Log));
    }
}

/// <summary>dx[r, c] = dy[r, c] - e^y[r, c] sum_k dy[r, k].</summary>
internal struct LogSoftmaxBackward : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> Y, DY, DX;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int start = row * Columns;
        float* dy = DY.Ptr() + start;
        float sum = TTeam.Sum(Columns, new RowValues { X = dy });
        TTeam.Each(Columns, new Difference { Y = Y.Ptr() + start, DY = dy, DX = DX.Ptr() + start, Sum = sum });
    }

    private unsafe struct Difference : IElementBody
    {
        public float* Y, DY, DX;
        public float Sum;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(DX, i, T.Load(DY, i) - LaneMath.Exp(T.Load(Y, i)) * T.Of(Sum));
    }
}
