using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// s[v, j, c] = sum over the entries k of node v of x[u, j] f[e, c], with e = Edges[k] and u = Rows[k]: sums of outer products of states
/// and edge features. A linear edge network is one matrix product of them, so that no edge needs a matrix. One team per (v, j).
/// </summary>
internal struct EdgeMomentsForward : IRowKernel
{
    public ArrayView<float> X, F, S;
    public ArrayView<int> Starts, Rows, Edges;

    /// <summary>The columns j of x.</summary>
    public StridedAxis In;

    public int Features;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int node = In.Divide(row), j = row - node * In.Size;
        int* starts = Starts.Ptr();
        int start = starts[node];
        TTeam.Each(Features, new Body
        {
            X = X.Ptr() + j,
            F = F.Ptr(),
            S = S.Ptr() + row * Features,
            Rows = Rows.Ptr() + start,
            Edges = Edges.Ptr() + start,
            Count = starts[node + 1] - start,
            In = In.Size,
            Features = Features,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, F, S;
        public int* Rows, Edges;
        public int Count, In, Features;

        public readonly void At<T>(int c) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            for (int k = 0; k < Count; k++) sum = T.MulAdd(T.Of(X[Rows[k] * In]), T.Load(F, Edges[k] * Features + c), sum);
            T.Store(S, c, sum);
        }
    }
}

/// <summary>dx[u, j] (+)= sum over the entries k of node u (edges that leave) of sum_c ds[v, j, c] f[e, c]. One team per (u, j).</summary>
internal struct EdgeMomentsStates : IRowKernel
{
    public ArrayView<float> DS, F, DX;
    public ArrayView<int> Starts, Rows, Edges;
    public StridedAxis In;
    public int Features, Accumulate;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int node = In.Divide(row), j = row - node * In.Size;
        int* starts = Starts.Ptr(), rows = Rows.Ptr(), edges = Edges.Ptr();
        float sum = 0f;
        for (int k = starts[node]; k < starts[node + 1]; k++)
            sum += TTeam.Sum(Features, new RowProduct { X = DS.Ptr() + (rows[k] * In.Size + j) * Features, Y = F.Ptr() + edges[k] * Features });
        if (TTeam.Rank != 0) return;
        float* dx = DX.Ptr();
        dx[row] = Accumulate != 0 ? dx[row] + sum : sum;
    }
}

/// <summary>df[e, c] (+)= sum_j x[source, j] ds[target, j, c]. One team per edge.</summary>
internal struct EdgeMomentsFeatures<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> X, DS, DF;
    public ArrayView<int> Sources, Targets;
    public int In, Features;

    public readonly unsafe void Row<TTeam>(int edge) where TTeam : struct, ITeam => TTeam.Each(Features, new Body
    {
        X = X.Ptr() + Sources.Ptr()[edge] * In,
        DS = DS.Ptr() + Targets.Ptr()[edge] * In * Features,
        DF = DF.Ptr() + edge * Features,
        In = In,
        Features = Features,
    });

    private unsafe struct Body : IElementBody
    {
        public float* X, DS, DF;
        public int In, Features;

        public readonly void At<T>(int c) where T : struct, ILane<T>
        {
            T sum = T.Of(0f);
            int at = c;
            for (int j = 0; j < In; j++)
            {
                sum = T.MulAdd(T.Of(X[j]), T.Load(DS, at), sum);
                at += Features;
            }
            TStore.To(DF, c, sum);
        }
    }
}
