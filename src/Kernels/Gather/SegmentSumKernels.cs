using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// dx[o, target[u], :] = (or +=) sum of dy[o, order[s], :] over the segment start[u] &lt;= s &lt; start[u + 1]: the gradient of a selection.
/// The order is sorted by target, so that every row of dx has one writer that adds in a fixed order: no atomics, the same bits each time.
/// </summary>
internal struct SegmentSumRows<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> DY, DX;

    /// <summary>Targets (their number is the size of <see cref="Targets"/>), starts (one more), order.</summary>
    public ArrayView<int> Segments;

    public StridedAxis Targets;
    public int Indices, AxisSize, Inner;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int* targets = Segments.Ptr();
        int* starts = targets + Targets.Size;
        int* order = starts + (Targets.Size + 1);
        int outer = Targets.Divide(row), u = row - outer * Targets.Size;
        float* dx = DX.Ptr() + (outer * AxisSize + targets[u]) * Inner;
        float* dy = DY.Ptr() + outer * Indices * Inner;
        int start = starts[u], end = starts[u + 1];
        if (TTeam.Size == 1)
        {
            // Row after row into the target, which stays in the first cache: vector code on hosts and PoCL.
            TTeam.Each(Inner, new CopyBody<TStore> { X = dy + order[start] * Inner, Y = dx });
            for (int s = start + 1; s < end; s++) TTeam.Each(Inner, new CopyBody<Accumulate> { X = dy + order[s] * Inner, Y = dx });
        }
        else
        {
            TTeam.Each(Inner, new Column { DY = dy, DX = dx, Order = order, Start = start, End = end, Inner = Inner });
        }
    }

    private unsafe struct Column : IElementBody
    {
        public float* DY, DX;
        public int* Order;
        public int Start, End, Inner;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int s = Start; s < End; s++) sum += T.Load(DY, Order[s] * Inner + i);
            TStore.To(DX, i, sum);
        }
    }
}

/// <summary>The same, one element per thread: rows too short for a team.</summary>
internal struct SegmentSumElements<TStore> : IElementKernel where TStore : struct, IStore
{
    public ArrayView<float> DY, DX;
    public ArrayView<int> Segments;
    public StridedAxis Targets, Inner;
    public int Indices, AxisSize;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body
    {
        DY = DY.Ptr(),
        DX = DX.Ptr(),
        Segments = Segments.Ptr(),
        Targets = Targets,
        Inner = Inner,
        Indices = Indices,
        AxisSize = AxisSize,
    });

    private unsafe struct Body : IElementBody
    {
        public float* DY, DX;
        public int* Segments;
        public StridedAxis Targets, Inner;
        public int Indices, AxisSize;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            int* starts = Segments + Targets.Size;
            int* order = starts + (Targets.Size + 1);
            for (int lane = i; lane < i + T.Count; lane++)
            {
                int row = Inner.Divide(lane), column = lane - row * Inner.Size;
                int outer = Targets.Divide(row), u = row - outer * Targets.Size;
                float sum = 0f;
                for (int s = starts[u]; s < starts[u + 1]; s++) sum += DY[(outer * Indices + order[s]) * Inner.Size + column];
                TStore.To(DX, (outer * AxisSize + Segments[u]) * Inner.Size + column, new Scalar(sum));
            }
        }
    }
}
