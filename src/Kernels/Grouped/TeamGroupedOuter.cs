using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// partial[slot] = sum of the outer products dy[write[e]] x[read[e]]^T over the entries of a slot, [outputs, inputs], on GPUs: a group of 256
/// threads computes a tile, k being the entries.
/// </summary>
internal struct TeamGroupedOuter<TAccess> : IGridKernel where TAccess : struct, ITeamAccess
{
    public ArrayView<float> DY, X, Partial;
    public GroupedRows Rows;
    public int Outputs, Inputs, RowTiles, ColumnTiles, Shift;

    public readonly void Run()
    {
        int thread = Group.IdxX, index = Grid.IdxX / (RowTiles * ColumnTiles), tile = Grid.IdxX - index * RowTiles * ColumnTiles;
        var slot = Rows.Slot(index, Shift);
        if (slot.First >= slot.End) return;
        int row = tile / ColumnTiles * SmallTeamTile.Width, column = tile % ColumnTiles * SmallTeamTile.Width;
        var sums = TeamPipeline<SmallTeamTile>.Allocate().Sum(
            Feed(DY, Rows.Write, Outputs, row, slot), Feed(X, Rows.Read, Inputs, column, slot), slot.First, slot.End);
        var target = new GemmTarget<TAccess, NoActivation>
        {
            C = TAccess.From(Partial, (long)index * Outputs * Inputs),
            Old = Partial,
            Bias = Partial,
            Size = new GemmGeometry { M = Outputs, N = Inputs, LeadingC = Inputs },
        };
        SmallTeamTile.Store(sums, target, row + 4 * (thread / 16), column + 4 * (thread % 16));
    }

    private static RowFeed<TAccess> Feed(ArrayView<float> view, ArrayView<int> rows, int lines, int first, GroupSlot slot) => new()
    {
        View = view,
        Rows = rows,
        Place = SideAlongLines.Place<SmallTeamTile>(Group.IdxX, first, lines, 0, slot.First),
        Step = lines,
        First = slot.First,
        End = slot.End,
    };
}

/// <summary>A matrix whose k-th row lies where a list says.</summary>
internal struct RowFeed<TAccess> : ITeamFeed where TAccess : struct, ITeamAccess
{
    public ArrayView<float> View;
    public ArrayView<int> Rows;

    /// <summary>Where the thread's elements lie within a row, in a stage, and which k comes next.</summary>
    public TeamPlace Place;
    public int Step, First, End;

    public Float4 Next()
    {
        int k = Place.K;
        var value = TAccess.Load(View, Rows[k < End ? k : First] * Step + Place.Index, k < End ? Place.Lines : 0);
        Place.K += SmallTeamTile.Depth;
        return value;
    }

    public readonly void Store(ArrayView<Float4> stage, Float4 value) => SideAlongLines.Store<SmallTeamTile>(stage, Place, value);
}
