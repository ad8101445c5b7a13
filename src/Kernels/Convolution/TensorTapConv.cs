using ILGPU;

namespace GpuNets.Kernels;

/// <summary>A <see cref="TapConv"/> on tensor cores: see <see cref="TensorPipeline{TFormat, TSideA, TSideB}"/> and <see cref="TensorPositionFeed{TFormat}"/>.</summary>
[ComputeCapability(8, 0)]
internal struct TensorTapConv<TFormat, TAccess, TActivation> : ITapConvKernel<TensorTapConv<TFormat, TAccess, TActivation>, TActivation>
    where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess where TActivation : struct, IUnaryOp
{
    public TapProblem<TActivation> Problem;

    public static int Width => TensorSums.Lines;

    public static int Slack => TensorSums.Lines;

    public static TensorTapConv<TFormat, TAccess, TActivation> Create(in TapProblem<TActivation> problem) => new() { Problem = problem };

    public readonly void Run()
    {
        int thread = Group.IdxX, rowTile = Grid.IdxX / Problem.PositionTiles, part = Problem.FirstPart + Grid.IdxY, group = part % Problem.Groups;
        int row = rowTile * TensorSums.Lines, column = (Grid.IdxX - rowTile * Problem.PositionTiles) * TensorSums.Lines;
        var pipeline = TensorPipeline<TFormat, TensorAlongK, TensorAlongLines>.Allocate();
        var a = new TensorSideFeed<TFormat, TensorAlongK, TAccess>
        {
            View = TAccess.From(Problem.Weight, (long)group * Problem.Out * Problem.Terms),
            Place = TensorAlongK.Place<TFormat>(thread, row, Problem.Out, Problem.Terms, 0),
            End = Problem.Terms,
        };
        var source = Problem.Layout.Source;
        int start = part * Problem.Layout.In * Problem.Layout.Channel;
        var b = new TensorPositionFeed<TFormat>(source.SubView(start, source.Length - start), Problem.Layout, thread, column, Problem.Terms);
        pipeline.Start(ref a, ref b);
        row += TensorPipeline<TFormat, TensorAlongK, TensorAlongLines>.WarpRow;
        column += TensorPipeline<TFormat, TensorAlongK, TensorAlongLines>.WarpColumn;
        if (row >= Problem.Out || column >= Problem.Layout.Length)
        {
            pipeline.Sum(a, b, 0, Problem.Terms, isUsed: false);
            return;
        }
        var sums = pipeline.Sum(a, b, 0, Problem.Terms, isUsed: true);
        TensorSums.Store(sums, Problem.Target.At(part, group), row, column);
    }
}
