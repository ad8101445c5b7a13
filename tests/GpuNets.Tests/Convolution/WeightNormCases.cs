using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Convolutions;

/// <summary>Weights by direction and length, along the first axis and along the second.</summary>
internal sealed class WeightNormCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Case([4, 3, 3, 3], 0), Case([3, 4, 2, 3], 1), Case([5, 33], 0), Case([33, 5], 1), Case([1, 1], 0), Case([2, 127, 3, 3], 0),
    ];

    private static OpCase Case(int[] shape, int axis) => new(
        $"weight norm [{string.Join(", ", shape)}] along {axis}", [OpInput.Normal(shape), OpInput.Signed(0.5, 2, shape[axis])],
        x => x[0].WeightNorm(x[1], axis), x =>
        {
            int[] others = [.. Enumerable.Range(0, shape.Length).Where(a => a != axis)];
            var norms = x[0].Reduce(others, keepDims: true, values => Real.Sqrt(ReferenceFunctions.Sum(values.Select(v => v * v))));
            int[] lengths = [.. shape.Select((size, a) => a == axis ? size : 1)];
            return NdArray.Broadcast(NdArray.Broadcast(x[0], norms, (v, n) => v / n), x[1].Reshape(lengths), (v, g) => v * g);
        });
}
