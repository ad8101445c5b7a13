using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Elementwise functions of one variable.</summary>
internal sealed class UnaryCases : IOpCases
{
    // One element, around SIMD widths, and a size that several cores share unevenly; none at all.
    private static readonly int[] s_sizes = [0, 1, 31, 33, 127, 1023];

    public IEnumerable<OpCase> Cases =>
    [
        .. Sizes("negate", x => -x, x => -x, OpInput.Normal),
        .. Sizes("abs", x => x.Abs(), Real.Abs, shape => OpInput.Signed(0.01, 3, shape)),
        .. Sizes("reciprocal", x => x.Reciprocal(), x => 1 / x, shape => OpInput.Signed(0.1, 3, shape)),
        .. Sizes("square", x => x.Square(), x => x * x, OpInput.Normal),
        .. Sizes("sqrt", x => x.Sqrt(), Real.Sqrt, shape => OpInput.Uniform(0.01, 9, shape)),
        .. Sizes("exp", x => x.Exp(), Real.Exp, OpInput.Normal),
        .. Sizes("exp wide", x => x.Exp(), Real.Exp, shape => OpInput.Uniform(-80, 80, shape)),
        .. Sizes("log", x => x.Log(), Real.Log, shape => OpInput.Uniform(0.01, 9, shape)),
        .. Sizes("tanh", x => x.Tanh(), Real.Tanh, OpInput.Normal),
        .. Sizes("sigmoid", x => x.Sigmoid(), Real.Sigmoid, OpInput.Normal),
        .. Sizes("softplus", x => x.Softplus(), ReferenceFunctions.Softplus, shape => OpInput.Uniform(-20, 20, shape)),
        .. Sizes("relu", x => x.Relu(), x => x > 0 ? x : 0, shape => OpInput.Avoiding([0], shape)),
        .. Sizes("leaky relu", x => x.LeakyRelu(0.2f), x => x > 0 ? x : 0.2f * x, shape => OpInput.Avoiding([0], shape)),
        .. Sizes("elu", x => x.Elu(1.5f), x => x > 0 ? x : 1.5 * (Real.Exp(x) - 1), shape => OpInput.Avoiding([0], shape)),
        // Both sides of its minimum near -0.75 for relative errors; around it, where the slope cancels to zero, errors against the largest slope.
        .. Sizes("gelu", x => x.Gelu(), Gelu, OpInput.Normal).Select(c => c with { Cancels = true }),
        .. Sizes("gelu tanh", x => x.GeluTanh(), GeluTanh, OpInput.Normal).Select(c => c with { Cancels = true }),
        .. Sizes("gelu right", x => x.Gelu(), Gelu, shape => OpInput.Uniform(-0.3, 4, shape)),
        .. Sizes("gelu left", x => x.Gelu(), Gelu, shape => OpInput.Uniform(-5, -1.2, shape)),
        .. Sizes("gelu tanh right", x => x.GeluTanh(), GeluTanh, shape => OpInput.Uniform(-0.3, 4, shape)),
        .. Sizes("gelu tanh left", x => x.GeluTanh(), GeluTanh, shape => OpInput.Uniform(-4, -1.2, shape)),
        .. Sizes("silu", x => x.Silu(), x => x * Real.Sigmoid(x), OpInput.Normal).Select(c => c with { Cancels = true }),
        .. Sizes("silu right", x => x.Silu(), x => x * Real.Sigmoid(x), shape => OpInput.Uniform(-0.5, 4, shape)),
        .. Sizes("clamp", x => x.Clamp(-0.5f, 1f), x => x < -0.5 ? -0.5 : x > 1 ? 1 : x, shape => OpInput.Avoiding([-0.5, 1], shape)),
        .. Sizes("add scalar", x => x + 0.3f, x => x + 0.3f, OpInput.Normal),
        .. Sizes("subtract scalar", x => x - 0.3f, x => x - 0.3f, OpInput.Normal),
        .. Sizes("subtract from scalar", x => 0.3f - x, x => 0.3f - x, OpInput.Normal),
        .. Sizes("multiply scalar", x => -1.7f * x, x => -1.7f * x, OpInput.Normal),
        .. Sizes("divide by scalar", x => x / 3f, x => x / 3, OpInput.Normal),
        .. Sizes("divide scalar", x => 3f / x, x => 3 / x, shape => OpInput.Signed(0.1, 3, shape)),
        .. new float[] { -3, -2, -1, 0, 1, 2, 3, 7, 20 }.SelectMany(p => Powers(p, shape => OpInput.Signed(0.3, 3, shape))),
        .. new[] { -1.5f, -0.5f, 0.5f, 1.5f, 2.5f, 17.3f }.SelectMany(p => Powers(p, shape => OpInput.Uniform(0.03, 30, shape))),
    ];

    private static IEnumerable<OpCase> Powers(float p, Func<int[], OpInput> input) =>
        Sizes($"pow {p}", x => x.Pow(p), x => Real.Pow(x, p), input);

    private static IEnumerable<OpCase> Sizes(string name, Func<Tensor, Tensor> run, Func<Real, Real> reference, Func<int[], OpInput> input) =>
        s_sizes.Select(size => new OpCase($"{name} [{size}]", [input([size])], x => run(x[0]), x => x[0].Map(reference)));

    private static Real Gelu(Real x) => x * 0.5 * (1 + Real.Erf(x / Math.Sqrt(2)));

    private static Real GeluTanh(Real x) => x * 0.5 * (1 + Real.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
}
