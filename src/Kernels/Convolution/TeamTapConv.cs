using ILGPU;

namespace GpuNets.Kernels;

/// <summary>
/// A <see cref="TapConv"/> for GPUs in the tiles of <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/>. A thread loads
/// four neighbouring positions of one term per stage from the laid-out source; positions beyond the line repeat its last.
/// </summary>
internal struct TeamTapConv<TTile, TAccess, TActivation> : ITapConvKernel<TeamTapConv<TTile, TAccess, TActivation>, TActivation>
    where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public TapProblem<TActivation> Problem;

    public static int Width => TTile.Width;

    public static int Slack => 0;

    public static TeamTapConv<TTile, TAccess, TActivation> Create(in TapProblem<TActivation> problem) => new() { Problem = problem };

    public readonly void Run()
    {
        int thread = Group.IdxX, rowTile = Grid.IdxX / Problem.PositionTiles, part = Problem.FirstPart + Grid.IdxY;
        int row = rowTile * TTile.Width, column = (Grid.IdxX - rowTile * Problem.PositionTiles) * TTile.Width, group = part % Problem.Groups;
        var a = TAccess.From(Problem.Weight, (long)group * Problem.Out * Problem.Terms);
        int samples = Problem.Layout.In * Problem.Layout.Channel, x = thread % 16, y = thread / 16;
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, SideAlongK, TAccess>
            {
                View = a,
                Place = SideAlongK.Place<TTile>(thread, row, Problem.Out, Problem.Terms),
                End = Problem.Terms,
            },
            new PositionFeed<TTile>(Problem.Layout.Source.SubView(part * samples, samples), Problem.Layout, thread, column, Problem.Terms),
            0, Problem.Terms);
        TTile.Store(sums, Problem.Target.At(part, group), row + 4 * y, column + 4 * x);
    }
}
