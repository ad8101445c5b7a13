using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// With h = (x - mean) rstd and g = dy w: dx = rstd (g - mean(g) - h mean(g h)) over each row. One team per row.
/// </summary>
internal struct LayerNormBackward<TAffine> : IRowKernel where TAffine : struct, IAffine
{
    public static bool InFours => true;

    public ArrayView<float> X, Weight, Mean, InverseDeviation, DY, DX;
    public int Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam
    {
        float mean = Mean[row], inverse = InverseDeviation[row];
        float* x = X.Ptr() + row * Columns, dy = DY.Ptr() + row * Columns;
        float g = TTeam.Sum(Columns, new Gradient { DY = dy, Weight = Weight.Ptr() }) / Columns;
        float gh = TTeam.Sum(Columns, new Projection { X = x, DY = dy, Weight = Weight.Ptr(), Mean = mean, Inverse = inverse }) / Columns;
        TTeam.Each(Columns, new Result
        {
            X = x,
            DY = dy,
            DX = DX.Ptr() + row * Columns,
            Weight = Weight.Ptr(),
            Mean = mean,
            Inverse = inverse,
            G = g,
            GH = gh,
        });
    }

    private unsafe struct Gradient : IElementMap
    {
        public float* DY, Weight;

        public readonly T At<T>(int i) where T : struct, ILane<T> => T.Load(DY, i) * TAffine.Weight<T>(Weight, i);
    }

    private unsafe struct Projection : IElementMap
    {
        public float* X, DY, Weight;
        public float Mean, Inverse;

        public readonly T At<T>(int i) where T : struct, ILane<T> =>
            T.Load(DY, i) * TAffine.Weight<T>(Weight, i) * ((T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse));
    }

    private unsafe struct Result : IElementBody
    {
        public float* X, DY, DX, Weight;
        public float Mean, Inverse, G, GH;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T h = (T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse);
            T g = T.Load(DY, i) * TAffine.Weight<T>(Weight, i);
            T.Store(DX, i, T.Of(Inverse) * (g - T.Of(G) - h * T.Of(GH)));
        }
    }
}

/// <summary>
/// First stage of dw = sum_r dy h and db = sum_r dy: one team adds a block of rows, row after row, into its own row of
/// <see cref="Partial"/> ([blocks, 2, columns]), which stays in cache. Each element has one owner: no barriers, no atomics.
/// </summary>
internal struct LayerNormAffinePartial : IRowKernel
{
    public static bool InFours => true;

    public ArrayView<float> X, Mean, InverseDeviation, DY, Partial;
    public int Rows, Columns, RowsPerBlock;

    public readonly unsafe void Row<TTeam>(int block) where TTeam : struct, ITeam
    {
        int first = block * RowsPerBlock, end = first + RowsPerBlock;
        if (end > Rows) end = Rows;
        float* dw = Partial.Ptr() + 2 * block * Columns, db = dw + Columns;
        TTeam.Each(Columns, Row<Write>(first, dw, db));
        for (int row = first + 1; row < end; row++) TTeam.Each(Columns, Row<Accumulate>(row, dw, db));
    }

    private readonly unsafe Body<TStore> Row<TStore>(int row, float* dw, float* db) where TStore : struct, IStore => new()
    {
        X = X.Ptr() + row * Columns,
        DY = DY.Ptr() + row * Columns,
        Mean = Mean[row],
        Inverse = InverseDeviation[row],
        DW = dw,
        DB = db,
    };

    private unsafe struct Body<TStore> : IElementBody where TStore : struct, IStore
    {
        public float* X, DY, DW, DB;
        public float Mean, Inverse;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T dy = T.Load(DY, i);
            TStore.To(DW, i, dy * ((T.Load(X, i) - T.Of(Mean)) * T.Of(Inverse)));
            TStore.To(DB, i, dy);
        }
    }
}

/// <summary>Second stage: total[c] = (or +=) sum over blocks of partial[block, c].</summary>
internal struct SumBlocks<TStore> : IElementKernel where TStore : struct, IStore
{
    public static bool InFours => true;

    public ArrayView<float> Partial, Total;

    /// <summary>First element of a block, distance of two blocks, number of blocks.</summary>
    public int Offset, Pitch, Blocks;

    public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop =>
        loop.Each(new Body { Partial = Partial.Ptr() + Offset, Total = Total.Ptr(), Pitch = Pitch, Blocks = Blocks });

    private unsafe struct Body : IElementBody
    {
        public float* Partial, Total;
        public int Pitch, Blocks;

        public readonly void At<T>(int i) where T : struct, ILane<T>
        {
            T sum = T.Load(Partial, i);
            for (int block = 1; block < Blocks; block++) sum += T.Load(Partial, block * Pitch + i);
            TStore.To(Total, i, sum);
        }
    }
}
