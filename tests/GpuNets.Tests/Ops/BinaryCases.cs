using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Elementwise functions of two variables with broadcasting.</summary>
internal sealed class BinaryCases : IOpCases
{
    // Equal, scalar, row, column, both sides repeated, size 1, empty, rows longer than a chunk, and alternating axes up to rank 6.
    private static readonly (int[] A, int[] B)[] s_shapes =
    [
        ([1], [1]), ([31], [31]), ([1023], [1023]), ([3, 11], [3, 11]), ([0], [0]), ([0, 3], [3]), ([0], [1]),
        ([33], [1]), ([], [127]), ([2, 17], []),
        ([5, 7], [7]), ([7], [5, 7]), ([3, 4, 9], [4, 9]), ([5, 7], [5, 1]), ([5, 1], [5, 7]), ([5, 1], [1, 7]),
        ([2, 3, 5], [2, 1, 5]), ([4, 1, 3], [1, 5, 1]), ([2, 1, 3, 1, 2, 1], [1, 2, 1, 2, 1, 3]), ([2, 9001], [2, 1]),
    ];

    public IEnumerable<OpCase> Cases =>
    [
        .. Shapes("add", (a, b) => a + b, (a, b) => a + b, OpInput.Normal),
        .. Shapes("subtract", (a, b) => a - b, (a, b) => a - b, OpInput.Normal),
        .. Shapes("multiply", (a, b) => a * b, (a, b) => a * b, OpInput.Normal),
        .. Shapes("divide", (a, b) => a / b, (a, b) => a / b, shape => OpInput.Signed(0.3, 3, shape)),
        .. Shapes("maximum", (a, b) => a.Maximum(b), Real.Max, OpInput.Normal),
        .. Shapes("minimum", (a, b) => a.Minimum(b), Real.Min, OpInput.Normal),
        new("x times itself", [OpInput.Normal(33)], x => x[0] * x[0], x => x[0].Map(v => v * v)),
        new("x plus its sum", [OpInput.Normal(3, 5)], x => x[0] + x[0].Sum(0), x => Plus(x[0], x[0].Reduce([0], false, ReferenceFunctions.Sum))),
    ];

    private static NdArray Plus(NdArray a, NdArray b) => NdArray.Broadcast(a, b, (x, y) => x + y);

    private static IEnumerable<OpCase> Shapes(
        string name, Func<Tensor, Tensor, Tensor> run, Func<Real, Real, Real> reference, Func<int[], OpInput> input) =>
        s_shapes.Select(s => new OpCase(
            $"{name} [{string.Join(", ", s.A)}] [{string.Join(", ", s.B)}]", [input(s.A), input(s.B)],
            x => run(x[0], x[1]), x => NdArray.Broadcast(x[0], x[1], reference))
        { Cancels = !s.A.SequenceEqual(s.B) });   // sums of gradients
}
