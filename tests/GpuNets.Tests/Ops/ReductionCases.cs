using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Reductions over rows, columns, the middle, several axes, all axes; sizes of one and two launches.</summary>
internal sealed class ReductionCases : IOpCases
{
    private static readonly (int[] Shape, int[] Axes)[] s_shapes =
    [
        ([1], [0]), ([31], [0]), ([33], [0]), ([127], [0]), ([1023], [0]), ([20011], [0]), ([], []),
        ([3, 17], [1]), ([17, 3], [0]), ([3, 17], [0, 1]), ([3, 17], []), ([2, 9001], [1]), ([1300, 3], [0]), ([9, 300], [0]),
        ([3, 4, 5], [1]), ([3, 4, 5], [0, 2]), ([3, 4, 5], [-1, -2]), ([2, 3, 2, 3], [1, 3]), ([2, 3, 2, 3], [0, 2]), ([4, 1, 5], [1]),
        ([0, 3], [1]), ([2, 0, 3], [2]),
    ];

    private static readonly (int[] Shape, int[] Axes)[] s_nothing = [([0], [0]), ([0, 3], [0]), ([2, 0], [0, 1])];

    public IEnumerable<OpCase> Cases =>
    [
        .. Shapes("sum", s_shapes, (x, axes, keep) => x.Sum(axes, keep), ReferenceFunctions.Sum, Positive),
        .. Shapes("sum of nothing", s_nothing, (x, axes, keep) => x.Sum(axes, keep), ReferenceFunctions.Sum, OpInput.Normal),
        .. Shapes("mean", s_shapes, (x, axes, keep) => x.Mean(axes, keep), x => ReferenceFunctions.Sum(x) / x.Length, Positive),
        .. Shapes("max", s_shapes, (x, axes, keep) => x.Max(axes, keep), ReferenceFunctions.Max, OpInput.Distinct),
        .. Shapes("log-sum-exp", s_shapes, (x, axes, keep) => x.LogSumExp(axes, keep), ReferenceFunctions.LogSumExp, OpInput.Normal),
        .. Shapes("log-sum-exp wide", [([4, 33], [1]), ([33, 4], [0])], (x, axes, keep) => x.LogSumExp(axes, keep),
            ReferenceFunctions.LogSumExp, shape => OpInput.Uniform(-200, 200, shape)),
    ];

    // Terms of one sign: the relative error of a sum that cancels has no bound.
    private static OpInput Positive(int[] shape) => OpInput.Uniform(0.1, 2, shape);

    private static IEnumerable<OpCase> Shapes(
        string name, (int[] Shape, int[] Axes)[] shapes, Func<Tensor, int[], bool, Tensor> run, Func<Real[], Real> reference,
        Func<int[], OpInput> input)
    {
        bool keep = false;
        foreach (var (shape, axes) in shapes)
        {
            bool keepDims = keep = !keep;
            int[] positive = [.. axes.Select(axis => axis < 0 ? axis + shape.Length : axis)];
            yield return new OpCase(
                $"{name} [{string.Join(", ", shape)}] over {string.Join(", ", axes)}{(keepDims ? " kept" : "")}", [input(shape)],
                x => run(x[0], axes, keepDims), x => x[0].Reduce(positive, keepDims, reference));
        }
    }
}
