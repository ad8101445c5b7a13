using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The gradient to the weight for GPUs in the tiles of <see cref="TeamGemm{TTile, TSideA, TSideB, TAccess, TActivation}"/>.</summary>
/// <typeparam name="TTile">The tile.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to dy.</typeparam>
internal struct TeamTapGradient<TTile, TAccess> : ITapGradientKernel<TeamTapGradient<TTile, TAccess>>
    where TTile : struct, ITeamTile<TTile> where TAccess : struct, ITeamAccess
{
    public TapGradientProblem Problem;

    public static int Width => TTile.Width;

    public static TeamTapGradient<TTile, TAccess> Create(in TapGradientProblem problem) => new() { Problem = problem };

    public readonly void Run()
    {
        int thread = Group.IdxX, x = thread % 16, y = thread / 16;
        var part = Problem.Part(TTile.Width);
        int samples = Problem.Layout.In * Problem.Layout.Channel;
        // Four neighbouring positions of a thread's term.
        var place = SideAlongK.Place<TTile>(thread, part.Column, Problem.Terms, 0);
        place.Index += Problem.Term(part.Column + thread / (TTile.Depth / 4), part.First);
        var sums = TeamPipeline<TTile>.Allocate().Sum(
            new SideFeed<TTile, SideAlongK, TAccess>
            {
                View = TAccess.From(Problem.Dy, (long)part.Source * Problem.Out * Problem.DyLength + part.First),
                Place = SideAlongK.Place<TTile>(thread, part.Row, Problem.Out, Problem.DyLength),
                End = part.Count,
            },
            new SideFeed<TTile, SideAlongK, ScalarAccess>
            {
                View = Problem.Layout.Source.SubView(part.Source * samples, samples),
                Place = place,
                End = part.Count,
            },
            0, part.Count);
        TTile.Store(sums, part.Target, part.Row + 4 * y, part.Column + 4 * x);
    }
}
