using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[s, c] = the largest x[row, c] of the rows of segment s, the first of equal ones, NaN if there is one; keeps its row as a mark for the
/// gradient. A segment without rows gives 0 and no mark. One team per segment.
/// </summary>
internal struct SegmentMaxForward : IRowKernel
{
    public ArrayView<float> X, Y, Marks;
    public ArrayView<int> Starts, Rows;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int segment) where TTeam : struct, ITeam
    {
        int* starts = Starts.Ptr();
        int start = starts[segment];
        TTeam.Each(Columns, new Body
        {
            X = X.Ptr(),
            Y = Y.Ptr() + segment * Columns,
            Marks = Marks.Ptr() + segment * Columns,
            Rows = Rows.Ptr() + start,
            Count = starts[segment + 1] - start,
            Columns = Columns,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y, Marks;
        public int* Rows;
        public int Count, Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T max = T.Of(0f), mark = T.Of(0f);
            for (int k = 0; k < Count; k++)
            {
                T x = T.Load(X, Rows[k] * Columns + i), own = T.Of(RowMark.Of(Rows[k]));
                // The first row always; then larger ones, and the first NaN: what is not equal to itself, where the maximum still is.
                T one = T.Of(1f), zero = T.Of(0f);
                T better = k == 0 ? one : T.IfGreater(x, max, one, T.IfEqual(x, x, zero, T.IfEqual(max, max, one, zero)));
                max = T.IfGreater(better, zero, x, max);
                mark = T.IfGreater(better, zero, own, mark);
            }
            T.Store(Y, i, max);
            T.Store(Marks, i, mark);
        }
    }
}

/// <summary>dx[row, c] (+)= dy[s, c] if the row is the marked one of its segment s, else 0. One team per row.</summary>
internal struct SegmentMaxBackward<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> DX, DY, Marks;
    public ArrayView<int> Ids;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int segment = Ids.Ptr()[row];
        TTeam.Each(Columns, new Body
        {
            DX = DX.Ptr() + row * Columns,
            DY = DY.Ptr() + segment * Columns,
            Marks = Marks.Ptr() + segment * Columns,
            Own = RowMark.Of(row),
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* DX, DY, Marks;
        public float Own;

        public readonly void At<T>(int i) where T : struct, ILane<T> =>
            TStore.To(DX, i, T.IfEqual(T.Load(Marks, i), T.Of(Own), T.Load(DY, i), T.Of(0f)));
    }
}

/// <summary>A row number as a float that lanes can select and compare: the bits are the number plus those of the smallest normal float.</summary>
internal static class RowMark
{
    public static float Of(int row) => Interop.IntAsFloat((uint)(row + 0x00800000));
}
