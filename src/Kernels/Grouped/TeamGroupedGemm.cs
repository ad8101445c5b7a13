using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// y[write[e]] (+)= x[read[e]] op(B[group of e]) on GPUs: a group of 256 threads computes a tile of the rows of one slot, as
/// <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/> does, with rows of A that lie anywhere.
/// </summary>
internal struct TeamGroupedGemm<TTile, TSideB, TAccess> : IGridKernel
    where TTile : struct, ITeamTile<TTile> where TSideB : struct, ITeamSide where TAccess : struct, ITeamAccess
{
    public ArrayView<float> X, Matrices, Y;
    public GroupedRows Rows;

    /// <summary>Terms and columns of the products, and elements from one stored row of a matrix to the next.</summary>
    public int Terms, Columns, StepB;
    public int ColumnTiles, Shift, Accumulate;

    public readonly void Run()
    {
        int thread = Group.IdxX, index = Grid.IdxX / ColumnTiles, column = (Grid.IdxX - index * ColumnTiles) * TTile.Width;
        var slot = Rows.Slot(index, Shift);
        if (slot.First >= slot.End) return;
        int last = slot.End - 1, at = slot.First + thread / (TTile.Depth / 4);
        // The thread's row stays the same along k.
        var place = SideAlongK.Place<TTile>(thread, 0, TTile.Width, 0);
        place.Index += Rows.Read[at < last ? at : last] * Terms;
        var b = TAccess.From(Matrices, (long)slot.Group * Terms * Columns);
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, SideAlongK, TAccess> { View = X, Place = place, End = Terms },
            new SideFeed<TTile, TSideB, TAccess> { View = b, Place = TSideB.Place<TTile>(thread, column, Columns, StepB), End = Terms },
            0, Terms);
        var target = new RowTarget<TAccess> { Y = Y, Write = Rows.Write, End = slot.End, Columns = Columns, Accumulate = Accumulate };
        TTile.Store(sums, target, slot.First + 4 * (thread / 16), column + 4 * (thread % 16));
    }
}

/// <summary>Rows that go where a list says.</summary>
internal struct RowTarget<TAccess> : ITeamTarget where TAccess : struct, ITeamAccess
{
    public ArrayView<float> Y;
    public ArrayView<int> Write;
    public int End, Columns, Accumulate;

    public readonly void Put(int row, int column, Float4 sums)
    {
        int count = Columns - column;
        if (row >= End || count <= 0) return;
        int index = Write[row] * Columns + column;
        if (Accumulate != 0) sums = Float4.Add(TAccess.Load(Y, index, count), sums);
        TAccess.Store(Y, index, sums, count);
    }
}
