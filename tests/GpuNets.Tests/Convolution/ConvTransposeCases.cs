using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Convolutions;

/// <summary>Transposed convolutions: steps, output padding, dilation, groups, residues that no tap reaches.</summary>
internal sealed class ConvTransposeCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Image("plain", [2, 3, 4, 5], [3, 4, 3, 3], ReferenceWindow.Plain, (0, 0)),
        Image("steps", [1, 2, 3, 4], [2, 3, 4, 4], new((2, 2), (1, 1, 1, 1), (1, 1), 1), (0, 0)),
        Image("steps and output padding", [2, 2, 3, 3], [2, 2, 3, 3], new((2, 2), (1, 1, 1, 1), (1, 1), 1), (1, 1)),
        Image("steps longer than the kernel", [1, 2, 3, 3], [2, 2, 1, 2], new((2, 3), default, (1, 1), 1), (1, 0)),
        Image("dilation", [1, 2, 4, 3], [2, 2, 3, 3], new((1, 2), (1, 0, 2, 1), (2, 3), 1), (0, 1)),
        Image("groups", [1, 4, 3, 4], [4, 3, 3, 3], new((2, 2), (1, 1, 1, 1), (1, 1), 2), (1, 0)),
        Image("depthwise, frozen upsampling of 8", [1, 3, 4, 4], [3, 1, 16, 16], new((8, 8), (4, 4, 4, 4), (1, 1), 3), (0, 0)),
        .. new[] { Activation.Relu, Activation.Gelu }.Select(activation => new OpCase(
            $"transposed conv with {activation}", [OpInput.Normal(1, 2, 3, 3), OpInput.Normal(2, 2, 3, 3), OpInput.Normal(2)],
            t => t[0].ConvTranspose2d(t[1], t[2], stride: 2, padding: 1, activation: activation),
            a => ReferenceConv.Transposed(a[0], a[1], a[2], new((2, 2), (1, 1, 1, 1), (1, 1), 1), (0, 0))
                .Map(v => ConvCases.OfReal(activation, v))) { Cancels = true }),
        new OpCase(
            "transposed conv, sequence", [OpInput.Normal(2, 3, 5), OpInput.Normal(3, 2, 4), OpInput.Normal(2)],
            t => t[0].ConvTranspose1d(t[1], t[2], stride: 3, padding: (1, 0), outputPadding: 2),
            a =>
            {
                var y = ReferenceConv.Transposed(
                    a[0].Reshape(2, 3, 1, 5), a[1].Reshape(3, 2, 1, 4), a[2], new((1, 3), (0, 0, 1, 0), (1, 1), 1), (0, 2));
                return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
            }) { Cancels = true },
    ];

    private static OpCase Image(string name, int[] x, int[] w, ReferenceWindow window, (int Y, int X) output) => new(
        $"transposed conv, {name}", [OpInput.Normal(x), OpInput.Normal(w), OpInput.Normal(w[1] * window.Groups)],
        t => t[0].ConvTranspose2d(
            t[1], t[2], window.Stride, new(window.Padding.Top, window.Padding.Bottom, window.Padding.Left, window.Padding.Right), output,
            window.Dilation, window.Groups),
        a => ReferenceConv.Transposed(a[0], a[1], a[2], window, output))
    { Cancels = true };
}
