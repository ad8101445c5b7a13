using System.Runtime.CompilerServices;
using ILGPU;

namespace GpuNets.Kernels;

/// <summary>y[r, c] = x[r, c] - ln sum_k e^x[r, k]. One team per row.</summary>
internal struct LogSoftmaxForward : IRowKernel, IHostRows
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int whole = Columns - Columns % T.Count;
        T mask = TLanes.Mask(Columns - whole);
        float* x = X.Ptr() + start * Columns, y = Y.Ptr() + start * Columns;
        for (int row = start; row < end; row++, x += Columns, y += Columns)
        {
            LogSumExpRows.Of<TLanes, T>(x, Columns, out float shift, out float sum);
            T shifts = T.Of(shift), log = LaneMath.Log(T.Of(sum));
            for (int i = 0; i < whole; i += T.Count) T.Store(y, i, (T.Load(x, i) - shifts) - log);
            TLanes.Store(y + whole, (TLanes.Load(x + whole, mask) - shifts) - log, mask);
        }
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
internal struct LogSoftmaxBackward : IRowKernel, IHostRows
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly unsafe void Rows<TLanes, T>(int start, int end) where TLanes : struct, IHostTileLanes<T> where T : struct, ILane<T>
    {
        int whole = Columns - Columns % T.Count;
        T mask = TLanes.Mask(Columns - whole);
        float* y = Y.Ptr() + start * Columns, dy = DY.Ptr() + start * Columns, dx = DX.Ptr() + start * Columns;
        for (int row = start; row < end; row++, y += Columns, dy += Columns, dx += Columns)
        {
            T last = TLanes.Load(dy + whole, mask), sums = last;
            for (int i = 0; i < whole; i += T.Count) sums += T.Load(dy, i);
            T sum = T.Of(T.Sum(sums));
            for (int i = 0; i < whole; i += T.Count) T.Store(dx, i, T.Load(dy, i) - LaneMath.Exp(T.Load(y, i)) * sum);
            TLanes.Store(dx + whole, last - LaneMath.Exp(TLanes.Load(y + whole, mask)) * sum, mask);
        }
    }

    private unsafe struct Difference : IElementBody
    {
        public float* Y, DY, DX;
        public float Sum;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Store(DX, i, T.Load(DY, i) - LaneMath.Exp(T.Load(Y, i)) * T.Of(Sum));
    }
}
