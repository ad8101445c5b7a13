using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// partial[slot] = sum of the outer products dy[write[e]] x[read[e]]^T over the entries of a slot on CPUs under OpenCL: an item sums 4 rows by 32
/// columns. There have to be 32 columns at least: the last 32 are a tile of their own, whatever its neighbour has of them.
/// </summary>
internal struct ItemGroupedOuter : IGridKernel
{
    public ArrayView<float> DY, X, Partial;
    public GroupedRows Rows;
    public int Outputs, Inputs, Shift;

    /// <summary>First slot of the launch.</summary>
    public int FirstSlot;

    public readonly void Run()
    {
        int index = FirstSlot + Grid.IdxZ, row = (Grid.IdxY * Group.DimY + Group.IdxY) * 4, last = Outputs - 1;
        int column = Smaller(Grid.IdxX * Row32.Width, Inputs - Row32.Width);
        int o0 = Smaller(row, last), o1 = Smaller(row + 1, last), o2 = Smaller(row + 2, last), o3 = Smaller(row + 3, last);
        var slot = Rows.Slot(index, Shift);
        Row32 s0 = default, s1 = default, s2 = default, s3 = default;
        for (int e = slot.First; e < slot.End; e++)
        {
            var x = Row32.Load(X, Rows.Read[e] * Inputs + column);
            int dy = Rows.Write[e] * Outputs;
            s0 = Row32.MulAdd(DY[dy + o0], x, s0);
            s1 = Row32.MulAdd(DY[dy + o1], x, s1);
            s2 = Row32.MulAdd(DY[dy + o2], x, s2);
            s3 = Row32.MulAdd(DY[dy + o3], x, s3);
        }
        long at = ((long)index * Outputs + row) * Inputs + column;
        if (row < Outputs) Row32.Store(Partial, at, s0);
        if (row + 1 < Outputs) Row32.Store(Partial, at + Inputs, s1);
        if (row + 2 < Outputs) Row32.Store(Partial, at + 2L * Inputs, s2);
        if (row + 3 < Outputs) Row32.Store(Partial, at + 3L * Inputs, s3);
    }

    private static int Smaller(int x, int y) => x < y ? x : y;
}
