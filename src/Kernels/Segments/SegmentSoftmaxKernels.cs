using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[row, c] = e^(x[row, c] - m) / sum of the same over the rows of the segment, m being the segment's maximum in column c. One team per
/// segment: its members share the rows of a single column, or the columns if there are several.
/// </summary>
internal struct SegmentSoftmaxForward : IRowKernel
{
    public ArrayView<float> X, Y;
    public ArrayView<int> Starts, Rows;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int segment) where TTeam : struct, ITeam
    {
        int* starts = Starts.Ptr(), rows = Rows.Ptr() + starts[segment];
        int n = starts[segment + 1] - starts[segment];
        float* x = X.Ptr(), y = Y.Ptr();
        if (n == 0) return;
        if (Columns > 1)
        {
            TTeam.Each(Columns, new Column { X = x, Y = y, Rows = rows, Count = n, Columns = Columns });
            return;
        }
        float max = TTeam.Max(n, new RowGather { X = x, Rows = rows });
        TTeam.Each(n, new Exponential { X = x, Y = y, Rows = rows, Max = max });
        TTeam.Barrier();
        float sum = TTeam.Sum(n, new RowGather { X = y, Rows = rows });
        TTeam.Each(n, new Scale { Y = y, Rows = rows, Factor = 1f / sum });
    }

    private unsafe struct Exponential : IElementBody
    {
        public float* X, Y;
        public int* Rows;
        public float Max;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            T.Scatter(Y, Rows + i, LaneMath.Exp(T.Gather(X, Rows + i) - T.Of(Max)));
    }

    private unsafe struct Scale : IElementBody
    {
        public float* Y;
        public int* Rows;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => T.Scatter(Y, Rows + i, T.Gather(Y, Rows + i) * T.Of(Factor));
    }

    private unsafe struct Column : IElementBody
    {
        public float* X, Y;
        public int* Rows;
        public int Count, Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T max = T.Load(X, Rows[0] * Columns + i), sum = T.Of(0f);
            for (int k = 1; k < Count; k++) max = LaneMath.Max(max, T.Load(X, Rows[k] * Columns + i));
            for (int k = 0; k < Count; k++)
            {
                T e = LaneMath.Exp(T.Load(X, Rows[k] * Columns + i) - max);
                T.Store(Y, Rows[k] * Columns + i, e);
                sum += e;
            }
            T factor = T.Of(1f) / sum;
            for (int k = 0; k < Count; k++) T.Store(Y, Rows[k] * Columns + i, T.Load(Y, Rows[k] * Columns + i) * factor);
        }
    }
}

/// <summary>dx[row, c] (+)= y[row, c] (dy[row, c] - sum of y dy over the rows of the segment).</summary>
internal struct SegmentSoftmaxBackward : IRowKernel
{
    public ArrayView<float> Y, DY, DX;
    public ArrayView<int> Starts, Rows;
    public int Columns, Accumulate;

    public readonly unsafe void Row<TTeam>(int segment) where TTeam : struct, ITeam
    {
        int* starts = Starts.Ptr(), rows = Rows.Ptr() + starts[segment];
        int n = starts[segment + 1] - starts[segment];
        float* y = Y.Ptr(), dy = DY.Ptr(), dx = DX.Ptr();
        if (n == 0) return;
        if (Columns > 1)
        {
            TTeam.Each(Columns, new Column { Y = y, DY = dy, DX = dx, Rows = rows, Count = n, Columns = Columns, Accumulate = Accumulate });
            return;
        }
        float dot = TTeam.Sum(n, new RowGatherProduct { X = y, Y = dy, Rows = rows });
        TTeam.Each(n, new Difference { Y = y, DY = dy, DX = dx, Rows = rows, Dot = dot, Accumulate = Accumulate });
    }

    private unsafe struct Difference : IElementBody
    {
        public float* Y, DY, DX;
        public int* Rows;
        public float Dot;
        public int Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T gradient = T.Gather(Y, Rows + i) * (T.Gather(DY, Rows + i) - T.Of(Dot));
            if (Accumulate != 0) gradient += T.Gather(DX, Rows + i);
            T.Scatter(DX, Rows + i, gradient);
        }
    }

    private unsafe struct Column : IElementBody
    {
        public float* Y, DY, DX;
        public int* Rows;
        public int Count, Columns, Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T dot = T.Of(0f);
            for (int k = 0; k < Count; k++) dot = T.MulAdd(T.Load(Y, Rows[k] * Columns + i), T.Load(DY, Rows[k] * Columns + i), dot);
            for (int k = 0; k < Count; k++)
            {
                int at = Rows[k] * Columns + i;
                T gradient = T.Load(Y, at) * (T.Load(DY, at) - dot);
                if (Accumulate != 0) gradient += T.Load(DX, at);
                T.Store(DX, at, gradient);
            }
        }
    }
}

/// <summary>The rows of a segment in a single column.</summary>
internal unsafe struct RowGather : IElementMap
{
    public float* X;
    public int* Rows;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Gather(X, Rows + i);
}

/// <summary>Products over the rows of a segment in a single column.</summary>
internal unsafe struct RowGatherProduct : IElementMap
{
    public float* X, Y;
    public int* Rows;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Gather(X, Rows + i) * T.Gather(Y, Rows + i);
}
