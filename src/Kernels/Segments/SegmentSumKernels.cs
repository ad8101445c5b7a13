namespace GpuNets.Kernels;

/// <summary>
/// Sums of the rows of segments, see <see cref="SegmentSumArguments"/>: one team per segment, which adds in the order of the entries: no
/// atomics, the same bits each time. A lone device thread adds row after row into the target, which stays in the first cache (vector
/// code on PoCL); the members of a team own columns. The host has a form of its own, <see cref="HostSegmentSum"/>.
/// </summary>
internal struct SegmentSumRows<TStore, TWeight> : IRowKernel where TStore : struct, IStore where TWeight : struct, IEdgeWeight
{
    public SegmentSumArguments Arguments;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        var at = Arguments.At(row);
        if (TTeam.Size > 1)
        {
            TTeam.Each(Arguments.Width, new SegmentColumn<TStore, TWeight> { Row = at });
            return;
        }
        if (at.Count == 0)
        {
            TTeam.Each(Arguments.Width, new SegmentColumn<TStore, TWeight> { Row = at });
            return;
        }
        TTeam.Each(Arguments.Width, new AddRow<TStore> { X = at.X + at.Rows[0] * at.Stride, W = at.W, Y = at.Y, At = at.Edges[0] * at.WStride, Factor = at.Factor });
        for (int k = 1; k < at.Count; k++)
            TTeam.Each(Arguments.Width, new AddRow<Accumulate> { X = at.X + at.Rows[k] * at.Stride, W = at.W, Y = at.Y, At = at.Edges[k] * at.WStride, Factor = at.Factor });
    }

    private unsafe struct AddRow<TPut> : IElementBody where TPut : struct, IStore
    {
        public float* X, W, Y;
        public int At;
        public float Factor;

        readonly void IElementBody.At<T>(int i) => TPut.To(Y, i, TWeight.Times(W, At, i, T.Load(X, i)) * T.Of(Factor));
    }
}

/// <summary>The same, one element per thread: rows too short for a team.</summary>
internal struct SegmentSumElements<TStore, TWeight> : IElementKernel where TStore : struct, IStore where TWeight : struct, IEdgeWeight
{
    public SegmentSumArguments Arguments;

    /// <summary>The columns of a row.</summary>
    public StridedAxis Columns;

    public readonly void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { Arguments = Arguments, Columns = Columns });

    private struct Body : IElementBody
    {
        public SegmentSumArguments Arguments;
        public StridedAxis Columns;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int row = Columns.Divide(lane);
                new SegmentColumn<TStore, TWeight> { Row = Arguments.At(row) }.At<Scalar>(lane - row * Columns.Size);
            }
        }
    }
}

/// <summary>A column of one segment.</summary>
internal struct SegmentColumn<TStore, TWeight> : IElementBody where TStore : struct, IStore where TWeight : struct, IEdgeWeight
{
    public SegmentSumRow Row;

    public readonly unsafe void At<T>(int i) where T : struct, ILane<T>
    {
        T sum = T.Of(0f);
        for (int k = 0; k < Row.Count; k++)
            sum = TWeight.Add(Row.W, Row.Edges[k] * Row.WStride, i, T.Load(Row.X, Row.Rows[k] * Row.Stride + i), sum);
        TStore.To(Row.Y, i, sum * T.Of(Row.Factor));
    }
}
