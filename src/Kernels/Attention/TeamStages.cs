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

    private readonly TeamPipeline<SmallTeamTile> _pipeline;
    private readonly ArrayView<Float4> _stages, _weights;

    /// <summary>Quads that <see cref="TeamStages"/> takes for stages, and for weights.</summary>
    public const int Stages = 4 * StageQuads, Weights = 4 * StageQuads;

    public TeamStages(ArrayView<Float4> stages, ArrayView<Float4> weights)
    {
        _pipeline = new(stages.SubView(0, 2 * StageQuads), stages.SubView(2 * StageQuads, 2 * StageQuads));
        _stages = stages;
        _weights = weights;
    }

    /// <summary>A quad per thread, for exchanges between products.</summary>
    public ArrayView<Float4> Scratch => _weights;

    /// <summary>
    /// a b^T for 64 rows of each from the first ones on: operands of rows with so many features. All threads are past it when it returns.
    /// </summary>
    public SmallTeamTile Product<TAccess>(in TeamRows a, int firstA, in TeamRows b, int firstB, int features) where TAccess : struct, ITeamAccess =>
        _pipeline.Sum(
            new SideFeed<SmallTeamTile, SideAlongK, TAccess>
            {
                View = TAccess.From(a.View, a.Start),
                Place = SideAlongK.Place<SmallTeamTile>(Group.IdxX, firstA, a.Rows, a.Step),
                End = features,
            },
            new SideFeed<SmallTeamTile, SideAlongK, TAccess>
            {
                View = TAccess.From(b.View, b.Start),
                Place = SideAlongK.Place<SmallTeamTile>(Group.IdxX, firstB, b.Rows, b.Step),
                End = features,
            },
            0, features);

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
        where TAccess : struct, ITeamAccess => _pipeline.Add(
            sums, _weights,
            new SideFeed<SmallTeamTile, SideAlongLines, TAccess>
            {
                View = TAccess.From(b.View, b.Start + firstRow * b.Step),
                Place = SideAlongLines.Place<SmallTeamTile>(Group.IdxX, firstColumn, columns, b.Step),
                End = count,
            },
            count);

    /// <summary>
    /// The same for 32 columns, whose 64 rows fit the room of the stages at once. All threads are past it when it returns.
    /// </summary>
    public HalfTeamTile WeightedHalf<TAccess>(HalfTeamTile sums, in TeamRows b, int firstRow, int count, int firstColumn, int columns)
        where TAccess : struct, ITeamAccess
    {
        var view = TAccess.From(b.View, b.Start + firstRow * b.Step);
        var (stage, weights) = (_stages, _weights.Cast<Float2>());
        int line = Group.IdxX / 8, quad = Group.IdxX % 8, column = firstColumn + 4 * quad, at = line * b.Step + column;
        var first = TAccess.Load(view, at, line < count ? columns - column : 0);
        var second = TAccess.Load(view, at + 32 * b.Step, line + 32 < count ? columns - column : 0);
        stage[line * HalfTeamTile.Quads + quad] = first;
        stage[(line + 32) * HalfTeamTile.Quads + quad] = second;
        Group.Barrier();
        for (int k = 0; k < count; k += 8)
        {
            int left = k * 2 * Quads + line, right = k * HalfTeamTile.Quads + quad;
            sums = HalfTeamTile.Add(sums, weights.SubView(left, 14 * Quads + 1), 2 * Quads, stage.SubView(right, 7 * HalfTeamTile.Quads + 1));
        }
        Group.Barrier();
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

    public readonly HalfTeamTile AddHalf(HalfTeamTile sums, int firstColumn) => Stages.WeightedHalf<TAccess>(sums, B, FirstRow, Count, firstColumn, Columns);
}
