using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Elementwise functions of one variable.</summary>
internal sealed class UnaryCases : IOpCases
{
    // One element, around SIMD widths, and a size that several cores share unevenly; none at all.
    private static readonly int[] s_sizes = [0, 1, 31, 33, 127, 1023];

    public IEnumerable<OpCase> Cases =>
    [
        .. Sizes("exp", x => x.Exp(), Real.Exp, shape => OpInput.Normal(shape)),
        .. Sizes("tanh", x => x.Tanh(), Real.Tanh, shape => OpInput.Normal(shape)),
        .. Sizes("sigmoid", x => x.Sigmoid(), Real.Sigmoid, shape => OpInput.Normal(shape)),
        .. Sizes("relu", x => x.Relu(), x => x > 0 ? x : 0, shape => OpInput.Avoiding([0], shape)),
    ];

    private static IEnumerable<OpCase> Sizes(string name, Func<Tensor, Tensor> run, Func<Real, Real> reference, Func<int[], OpInput> input) =>
        s_sizes.Select(size => new OpCase($"{name} [{size}]", [input([size])], x => run(x[0]), x => x[0].Map(reference)));
}
