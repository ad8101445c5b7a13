using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[e, c] (+)= f w[e, c] x[ids[e], c]: what a segment sum does to gradients, f being one over the length of the segment for the mean.
/// One team per row and group of columns.
/// </summary>
internal struct EdgeSpread<TStore, TWeight> : IRowKernel where TStore : struct, IStore where TWeight : struct, IEdgeWeight
{
    public ArrayView<float> X, W, Y;
    public ArrayView<int> Ids, Starts;

    /// <summary>The groups of a row.</summary>
    public StridedAxis Groups;

    public int Columns, Width, WStride, Mean;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int edge = Groups.Divide(row), group = row - edge * Groups.Size;
        int* starts = Starts.Ptr();
        int id = Ids.Ptr()[edge];
        TTeam.Each(Width, new Body
        {
            X = X.Ptr() + (id * Columns + group * Width),
            W = W.Ptr() + group,
            Y = Y.Ptr() + (edge * Columns + group * Width),
            At = edge * WStride,
            Factor = Mean != 0 ? 1f / (starts[id + 1] - starts[id]) : 1f,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, W, Y;
        public int At;
        public float Factor;

        readonly void IElementBody.At<T>(int i) => TStore.To(Y, i, TWeight.Times(W, At, i, T.Load(X, i)) * T.Of(Factor));
    }
}
