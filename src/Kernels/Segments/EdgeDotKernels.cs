using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// The gradient of weights that a group of columns shares: dw[e, g] (+)= sum over the columns c of the group of x[a, c] dy[b, c], with
/// a = Sources[e] (e itself without a list) and b = Targets[e]. One team per weight.
/// </summary>
internal struct EdgeDot : IRowKernel
{
    public ArrayView<float> X, DY, DW;
    public ArrayView<int> Sources, Targets;

    /// <summary>The groups of an edge.</summary>
    public StridedAxis Groups;

    public int Columns, Width, Listed, Accumulate;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        int edge = Groups.Divide(row), group = row - edge * Groups.Size;
        int source = Listed != 0 ? Sources.Ptr()[edge] : edge, target = Targets.Ptr()[edge];
        float* x = X.Ptr() + (source * Columns + group * Width), dy = DY.Ptr() + (target * Columns + group * Width);
        float dot = TTeam.Sum(Width, new RowProduct { X = x, Y = dy });
        if (TTeam.Rank != 0) return;
        float* dw = DW.Ptr();
        dw[row] = Accumulate != 0 ? dw[row] + dot : dot;
    }
}

/// <summary>The gradient of weights with a number for every column: dw[e, c] (+)= x[a, c] dy[b, c]. One team per edge.</summary>
internal struct EdgeProduct : IRowKernel
{
    public ArrayView<float> X, DY, DW;
    public ArrayView<int> Sources, Targets;
    public int Columns, Listed, Accumulate;

    public readonly unsafe void Row<TTeam>(int edge) where TTeam : struct, ITeam
    {
        int source = Listed != 0 ? Sources.Ptr()[edge] : edge, target = Targets.Ptr()[edge];
        TTeam.Each(Columns, new Body
        {
            X = X.Ptr() + source * Columns,
            DY = DY.Ptr() + target * Columns,
            DW = DW.Ptr() + edge * Columns,
            Accumulate = Accumulate,
        });
    }

    private unsafe struct Body : IElementBody
    {
        public float* X, DY, DW;
        public int Accumulate;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T product = T.Load(X, i) * T.Load(DY, i);
            if (Accumulate != 0) product += T.Load(DW, i);
            T.Store(DW, i, product);
        }
    }
}

/// <summary>x[i] y[i].</summary>
internal unsafe struct RowProduct : IElementMap
{
    public float* X, Y;

    public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(X, i) * T.Load(Y, i);
}
