using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[v, i] (+)= sum over the entries k of node v of sum_j A[e, i, j] x[u, j], with e = Edges[k] and u = Rows[k]: messages of an edge network
/// that are never stored. One team per node; its sums stay in the first cache. Reads every matrix once, which is nearly all it does: half a flop per byte.
/// </summary>
internal struct EdgeMatrixForward : IRowKernel
{
    public ArrayView<float> X, Matrices, Y;
    public ArrayView<int> Starts, Rows, Edges;
    public int In, Out;

    public readonly unsafe void Row<TTeam>(int node) where TTeam : struct, ITeam
    {
        int* starts = Starts.Ptr(), rows = Rows.Ptr(), edges = Edges.Ptr();
        float* y = Y.Ptr() + node * Out;
        for (int i = 0; i < Out; i++)
        {
            float sum = 0f;
            for (int k = starts[node]; k < starts[node + 1]; k++)
                sum += TTeam.Sum(In, new RowProduct { X = Matrices.Ptr() + (edges[k] * Out + i) * In, Y = X.Ptr() + rows[k] * In });
            if (TTeam.Rank == 0) y[i] = sum;
        }
    }
}

/// <summary>dx[u, j] (+)= sum over the entries k of node u of sum_i A[e, i, j] dy[v, i]: the transposed products along the edges that leave.</summary>
internal struct EdgeMatrixBackward<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> DY, Matrices, DX;
    public ArrayView<int> Starts, Rows, Edges;
    public int In, Out;

    public readonly unsafe void Row<TTeam>(int node) where TTeam : struct, ITeam
    {
        int* starts = Starts.Ptr();
        int start = starts[node];
        TTeam.Each(In, new Column
        {
            DY = DY.Ptr(),
            Matrices = Matrices.Ptr(),
            DX = DX.Ptr() + node * In,
            Rows = Rows.Ptr() + start,
            Edges = Edges.Ptr() + start,
            Count = starts[node + 1] - start,
            In = In,
            Out = Out,
        });
    }

    private unsafe struct Column : IElementBody
    {
        public float* DY, Matrices, DX;
        public int* Rows, Edges;
        public int Count, In, Out;

        public readonly void At<T>(int j) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int k = 0; k < Count; k++)
            {
                int a = Edges[k] * Out * In + j, dy = Rows[k] * Out;
                for (int i = 0; i < Out; i++)
                {
                    sum = T.MulAdd(T.Of(DY[dy + i]), T.Load(Matrices, a), sum);
                    a += In;
                }
            }
            TStore.To(DX, j, sum);
        }
    }
}

/// <summary>dA[e, i, j] (+)= dy[target of e, i] x[source of e, j]. One team per row of a matrix.</summary>
internal struct EdgeMatrixOuter<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> X, DY, DMatrices;
    public ArrayView<int> Sources, Targets;

    /// <summary>The rows of a matrix.</summary>
    public StridedAxis Out;

    public int In;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int edge = Out.Divide(row), i = row - edge * Out.Size;
        TTeam.Each(In, new Body
        {
            X = X.Ptr() + Sources.Ptr()[edge] * In,
            Y = DMatrices.Ptr() + row * In,
            Factor = DY.Ptr()[Targets.Ptr()[edge] * Out.Size + i],
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, Y;
        public float Factor;

        public readonly void At<T>(int i) where T : struct, ILane<T> => TStore.To(Y, i, T.Load(X, i) * T.Of(Factor));
    }
}
