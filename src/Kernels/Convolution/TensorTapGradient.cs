using ILGPU;

namespace GpuNets.Kernels;

/// <summary>The gradient to the weight on tensor cores: see <see cref="TensorPipeline{TFormat, TSideA, TSideB}"/>.</summary>
/// <typeparam name="TFormat">What numbers are rounded to; sums are floats.</typeparam>
/// <typeparam name="TAccess">Vector or scalar access to dy.</typeparam>
[ComputeCapability(8, 0)]
internal struct TensorTapGradient<TFormat, TAccess> : ITapGradientKernel<TensorTapGradient<TFormat, TAccess>>
    where TFormat : struct, ITensorFormat where TAccess : struct, ITeamAccess
{
    public TapGradientProblem Problem;

    public static int Width => TensorSums.Lines;

    public static TensorTapGradient<TFormat, TAccess> Create(in TapGradientProblem problem) => new() { Problem = problem };

    public readonly void Run()
    {
        int thread = Group.IdxX;
        var part = Problem.Part(TensorSums.Lines);
        int samples = Problem.Layout.In * Problem.Layout.Channel;
        var pipeline = TensorPipeline<TFormat, TensorAlongK, TensorAlongK>.Allocate();
        var a = new TensorSideFeed<TFormat, TensorAlongK, TAccess>
        {
            View = TAccess.From(Problem.Dy, (long)part.Source * Problem.Out * Problem.DyLength + part.First),
            Place = TensorAlongK.Place<TFormat>(thread, part.Row, Problem.Out, Problem.DyLength, 0),
            End = part.Count,
        };
        // A chunk of neighbouring positions of two terms.
        var place = TensorAlongK.Place<TFormat>(thread, part.Column, Problem.Terms, 0, 0);
        int line = part.Column + thread / 4;
        place.First += Problem.Term(line, part.First);
        place.Second += Problem.Term(line + 64, part.First);
        var b = new TensorSideFeed<TFormat, TensorAlongK, ScalarAccess>
        {
            View = Problem.Layout.Source.SubView(part.Source * samples, samples),
            Place = place,
            End = part.Count,
        };
        pipeline.Start(ref a, ref b);
        int row = part.Row + TensorPipeline<TFormat, TensorAlongK, TensorAlongK>.WarpRow;
        int column = part.Column + TensorPipeline<TFormat, TensorAlongK, TensorAlongK>.WarpColumn;
        if (row >= Problem.Out || column >= Problem.Terms)
        {
            pipeline.Sum(a, b, 0, part.Count, isUsed: false);
            return;
        }
        var sums = pipeline.Sum(a, b, 0, part.Count, isUsed: true);
        TensorSums.Store(sums, part.Target, row, column);
    }
}
