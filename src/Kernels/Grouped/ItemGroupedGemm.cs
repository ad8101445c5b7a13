using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[write[e]] = x[read[e]] op(B[group of e]) on CPUs under OpenCL: an item computes 4 rows of a slot by 32 columns from panels
/// [group][panel][k][32], as <see cref="ItemGemm{TRows}"/> does. Rows beyond the slot read its last one and are not stored.
/// </summary>
internal struct ItemGroupedGemm : IGridKernel
{
    /// <summary>Slots of four rows.</summary>
    public const int Shift = 2;

    /// <summary>Rows of y are <see cref="Pitch"/> apart.</summary>
    public ArrayView<float> X, Panels, Y;
    public GroupedRows Rows;
    public int Terms, Pitch;

    /// <summary>First slot of the launch.</summary>
    public int FirstSlot;

    public readonly void Run()
    {
        var slot = Rows.Slot(FirstSlot + Grid.IdxY * Group.DimY + Group.IdxY, Shift);
        int last = slot.End > 0 ? slot.End - 1 : 0, first = Smaller(slot.First, last);
        int a0 = Rows.Read[first] * Terms, a1 = Rows.Read[Smaller(first + 1, last)] * Terms;
        int a2 = Rows.Read[Smaller(first + 2, last)] * Terms, a3 = Rows.Read[Smaller(first + 3, last)] * Terms;
        long panel = ((long)slot.Group * Grid.DimX + Grid.IdxX) * Terms * Row32.Width;
        var b = Panels.SubView(panel, Terms * Row32.Width);
        Row32 s0 = default, s1 = default, s2 = default, s3 = default;
        int bIndex = 0;
        for (int k = 0; k < Terms; k++)
        {
            var x = Row32.Load(b, bIndex);
            bIndex += Row32.Width;
            s0 = Row32.MulAdd(X[a0 + k], x, s0);
            s1 = Row32.MulAdd(X[a1 + k], x, s1);
            s2 = Row32.MulAdd(X[a2 + k], x, s2);
            s3 = Row32.MulAdd(X[a3 + k], x, s3);
        }
        int column = Grid.IdxX * Row32.Width;
        if (slot.First < slot.End) Row32.Store(Y, (long)Rows.Write[slot.First] * Pitch + column, s0);
        if (slot.First + 1 < slot.End) Row32.Store(Y, (long)Rows.Write[slot.First + 1] * Pitch + column, s1);
        if (slot.First + 2 < slot.End) Row32.Store(Y, (long)Rows.Write[slot.First + 2] * Pitch + column, s2);
        if (slot.First + 3 < slot.End) Row32.Store(Y, (long)Rows.Write[slot.First + 3] * Pitch + column, s3);
    }

    private static int Smaller(int x, int y) => x < y ? x : y;
}

/// <summary>y[row, j] (+)= sums[row, j], of rows that are longer there because they hold whole panels.</summary>
internal struct CutRows<TStore> : IRowKernel where TStore : struct, IStore
{
    public ArrayView<float> Sums, Y;
    public int Pitch, Columns;

    public readonly unsafe void Row<TTeam>(int row) where TTeam : struct, ITeam =>
        TTeam.Each(Columns, new Body { Sums = Sums.Ptr() + row * Pitch, Y = Y.Ptr() + row * Columns });

    private unsafe struct Body : IElementBody
    {
        public float* Sums, Y;

        public readonly void At<T>(int i) where T : struct, ILane<T> => TStore.To(Y, i, T.Load(Sums, i));
    }
}
