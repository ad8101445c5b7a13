using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// Shared memory of an attention group of 256 threads: two stages for each operand of a product, [16][64 + 4] floats each, and a tile of 64 x 64
/// weights. 35 KB in all.
/// </summary>
internal readonly struct TeamStages
{
    /// <summary>Rows of a group's tile, and columns of its scores.</summary>
    public const int Width = 64;

    private const int Quads = 17, StageQuads = 16 * Quads;

    private readonly ArrayView<Float4> _a0, _a1, _b0, _b1, _readA0, _readA1, _readB0, _readB1, _weights;

    /// <summary>Quads that <see cref="TeamStages"/> takes for stages, and for weights.</summary>
    public const int Stages = 4 * StageQuads, Weights = 4 * StageQuads;

    public TeamStages(ArrayView<Float4> stages, ArrayView<Float4> weights)
    {
        int x = Group.IdxX % 16, y = Group.IdxX / 16;
        _a0 = stages.SubView(0, StageQuads);
        _a1 = stages.SubView(StageQuads, StageQuads);
        _b0 = stages.SubView(2 * StageQuads, StageQuads);
        _b1 = stages.SubView(3 * StageQuads, StageQuads);
        _readA0 = _a0.SubView(y, StageQuads - y);
        _readA1 = _a1.SubView(y, StageQuads - y);
        _readB0 = _b0.SubView(x, StageQuads - x);
        _readB1 = _b1.SubView(x, StageQuads - x);
        _weights = weights;
    }

    /// <summary>A quad per thread, for exchanges between products.</summary>
    public ArrayView<Float4> Scratch => _weights;

    /// <summary>
    /// a b^T for 64 rows of each from the first ones on: operands of rows with so many features. All threads are past it when it returns.
    /// </summary>
    public SmallTeamTile Product<TAccess>(in TeamRows a, int firstA, in TeamRows b, int firstB, int features) where TAccess : struct, ITeamAccess
    {
        var viewA = TAccess.From(a.View, a.Start);
        var viewB = TAccess.From(b.View, b.Start);
        var placeA = SideAlongK.Place<SmallTeamTile>(Group.IdxX, firstA, a.Rows, a.Step);
        var placeB = SideAlongK.Place<SmallTeamTile>(Group.IdxX, firstB, b.Rows, b.Step);
        SmallTeamTile sums = default;
        SideAlongK.Store<SmallTeamTile>(_a0, placeA, SideAlongK.Next<SmallTeamTile, TAccess>(viewA, ref placeA, features));
        SideAlongK.Store<SmallTeamTile>(_b0, placeB, SideAlongK.Next<SmallTeamTile, TAccess>(viewB, ref placeB, features));
        Group.Barrier();
        for (int k = 0; k < features; k += 32)
        {
            var nextA = SideAlongK.Next<SmallTeamTile, TAccess>(viewA, ref placeA, features);
            var nextB = SideAlongK.Next<SmallTeamTile, TAccess>(viewB, ref placeB, features);
            sums = SmallTeamTile.Add(sums, _readA0, _readB0);
            SideAlongK.Store<SmallTeamTile>(_a1, placeA, nextA);
            SideAlongK.Store<SmallTeamTile>(_b1, placeB, nextB);
            Group.Barrier();
            nextA = SideAlongK.Next<SmallTeamTile, TAccess>(viewA, ref placeA, features);
            nextB = SideAlongK.Next<SmallTeamTile, TAccess>(viewB, ref placeB, features);
            sums = SmallTeamTile.Add(sums, _readA1, _readB1);
            SideAlongK.Store<SmallTeamTile>(_a0, placeA, nextA);
            SideAlongK.Store<SmallTeamTile>(_b0, placeB, nextB);
            Group.Barrier();
        }
        return sums;
    }

    /// <summary>Keeps a tile of weights, turned: [column][row]. A barrier must stand between it and the first use, and after the last.</summary>
    public void Keep(in SmallTeamTile w)
    {
        int x = Group.IdxX % 16, y = Group.IdxX / 16, at = 4 * x * Quads + y;
        var weights = _weights;
        weights[at] = new Float4 { X = w.R0.X, Y = w.R1.X, Z = w.R2.X, W = w.R3.X };
        weights[at + Quads] = new Float4 { X = w.R0.Y, Y = w.R1.Y, Z = w.R2.Y, W = w.R3.Y };
        weights[at + 2 * Quads] = new Float4 { X = w.R0.Z, Y = w.R1.Z, Z = w.R2.Z, W = w.R3.Z };
        weights[at + 3 * Quads] = new Float4 { X = w.R0.W, Y = w.R1.W, Z = w.R2.W, W = w.R3.W };
    }

    /// <summary>sums += kept weights times 64 columns of so many rows of b. All threads are past it when it returns.</summary>
    public SmallTeamTile Weighted<TAccess>(SmallTeamTile sums, in TeamRows b, int firstRow, int count, int firstColumn, int columns)
        where TAccess : struct, ITeamAccess
    {
        var view = TAccess.From(b.View, b.Start + firstRow * b.Step);
        var place = SideAlongLines.Place<SmallTeamTile>(Group.IdxX, firstColumn, columns, b.Step);
        int y = Group.IdxX / 16;
        SideAlongLines.Store<SmallTeamTile>(_b0, place, SideAlongLines.Next<SmallTeamTile, TAccess>(view, ref place, count));
        Group.Barrier();
        for (int k = 0; k < count; k += 32)
        {
            var read = _weights.SubView(k * Quads + y, 2 * StageQuads - y);
            var next = SideAlongLines.Next<SmallTeamTile, TAccess>(view, ref place, count);
            sums = SmallTeamTile.Add(sums, read, _readB0);
            SideAlongLines.Store<SmallTeamTile>(_b1, place, next);
            Group.Barrier();
            next = SideAlongLines.Next<SmallTeamTile, TAccess>(view, ref place, count);
            sums = SmallTeamTile.Add(sums, read.SubView(StageQuads, StageQuads - y), _readB1);
            SideAlongLines.Store<SmallTeamTile>(_b0, place, next);
            Group.Barrier();
        }
        return sums;
    }
}

/// <summary>Rows of an operand of one sample and head: row i starts at Start + i Step.</summary>
internal struct TeamRows
{
    public ArrayView<float> View;
    public int Start, Step, Rows;
}

/// <summary>Columns of a <see cref="TeamStages.Weighted"/>.</summary>
internal struct TeamWeighted<TAccess> : ITeamColumnsProduct where TAccess : struct, ITeamAccess
{
    public TeamStages Stages;
    public TeamRows B;
    public int FirstRow, Count, Columns;

    public readonly SmallTeamTile Add(SmallTeamTile sums, int firstColumn) => Stages.Weighted<TAccess>(sums, B, FirstRow, Count, firstColumn, Columns);
}
