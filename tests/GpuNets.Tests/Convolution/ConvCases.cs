using GpuNets.Kernels;
using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Convolutions;

/// <summary>
/// Convolutions of sequences and images: steps, padding, dilation, groups, masks, sizes that cut every tile, every activation.
/// Sums of products of either sign cancel; <see cref="ConvSizesTests"/> bounds the error of every element by its terms.
/// </summary>
internal sealed class ConvCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Image("one element", [1, 1, 1, 1], [1, 1, 1, 1], Plain),
        Image("3 x 3", [2, 3, 5, 7], [4, 3, 3, 3], Padded(1)),
        Image("3 x 3, tiny", [1, 2, 3, 4], [2, 2, 3, 3], Padded(1)),
        Image("without padding", [2, 3, 6, 5], [5, 3, 3, 2], Plain),
        Image("1 x 1", [2, 5, 3, 4], [7, 5, 1, 1], Plain),
        Image("1 x 1 with steps", [2, 3, 5, 5], [4, 3, 1, 1], Plain with { Stride = (2, 2) }),
        Image("steps", [2, 2, 8, 9], [3, 2, 3, 3], Padded(1) with { Stride = (2, 2) }),
        Image("steps, tiny", [1, 1, 5, 4], [2, 1, 3, 3], Padded(1) with { Stride = (2, 2) }),
        Image("uneven steps longer than the kernel", [1, 2, 9, 8], [2, 2, 2, 2], Plain with { Stride = (3, 4) }),
        Image("dilation", [1, 2, 9, 10], [3, 2, 3, 3], Padded(2) with { Dilation = (2, 2) }),
        Image("dilation beyond the image", [1, 2, 4, 5], [2, 2, 3, 3], Padded(8) with { Dilation = (8, 8) }),
        Image("steps and dilation", [1, 2, 11, 12], [2, 2, 3, 3], new((2, 3), (1, 2, 3, 0), (3, 2), 1)),
        Image("padding at one side", [1, 2, 4, 5], [2, 2, 3, 3], Plain with { Padding = (2, 0, 0, 1) }),
        Image("padding larger than the kernel", [1, 1, 2, 3], [1, 1, 2, 2], Padded(3)),
        Image("groups", [2, 4, 5, 5], [6, 2, 3, 3], Padded(1) with { Groups = 2 }),
        Image("depthwise", [2, 3, 6, 7], [3, 1, 3, 3], Padded(1) with { Groups = 3 }),
        Image("depthwise, long rows", [1, 2, 6, 70], [2, 1, 3, 3], Padded(1) with { Groups = 2 }),
        Image("depthwise, rows of three registers and a rest", [1, 2, 5, 57], [2, 1, 3, 3], Padded(1) with { Groups = 2 }),
        Image("depthwise, twice the channels, steps", [1, 2, 7, 6], [4, 1, 3, 3], new((2, 2), (1, 1, 1, 1), (1, 1), 2)),
        Image("more channels than a tile", [1, 13, 1, 33], [14, 13, 1, 3], Plain with { Padding = (0, 0, 1, 1) }),
        Image("more channels than a block", [1, 70, 4, 5], [5, 70, 3, 3], Padded(1)),
        Image("many small images", [9, 1, 4, 4], [17, 1, 3, 3], Padded(1)),
        Image("no image", [0, 2, 3, 3], [2, 2, 3, 3], Padded(1)),
        Image("kernel as large as the image", [3, 2, 4, 5], [4, 2, 4, 5], Plain),
        .. Enum.GetValues<Activation>().Select(Activated),
        Sequence("sequence", [2, 3, 9], [4, 3, 3], 1, (1, 1), 1, 1),
        Sequence("causal sequence", [1, 2, 13], [3, 2, 3], 1, (8, 0), 4, 1),
        Sequence("sequence with steps and groups", [2, 4, 12], [4, 2, 4], 3, (2, 1), 1, 2),
        .. from type in new[] { false, true } from colors in new[] { 1, 3 } select Masked(colors, type),
    ];

    private static ReferenceWindow Plain => ReferenceWindow.Plain;

    private static ReferenceWindow Padded(int p) => Plain with { Padding = (p, p, p, p) };

    private static OpCase Image(string name, int[] x, int[] w, ReferenceWindow window) => new(
        $"conv, {name}", [OpInput.Normal(x), OpInput.Normal(w), OpInput.Normal(w[0])],
        t => t[0].Conv2d(t[1], t[2], window.Stride, Sides(window), window.Dilation, window.Groups), a => ReferenceConv.Forward(a[0], a[1], a[2], window))
    { Cancels = true };

    private static OpCase Sequence(string name, int[] x, int[] w, int stride, (int Before, int After) padding, int dilation, int groups)
    {
        var window = new ReferenceWindow((1, stride), (0, 0, padding.Before, padding.After), (1, dilation), groups);
        return new(
            $"conv, {name}", [OpInput.Normal(x), OpInput.Normal(w)], t => t[0].Conv1d(t[1], null, stride, padding, dilation, groups), a =>
            {
                var y = ReferenceConv.Forward(a[0].Reshape(x[0], x[1], 1, x[2]), a[1].Reshape(w[0], w[1], 1, w[2]), null, window);
                return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
            })
        { Cancels = true };
    }

    private static OpCase Activated(Activation activation) => new(
        $"conv with {activation}", [OpInput.Normal(2, 2, 4, 5), OpInput.Normal(3, 2, 3, 3), OpInput.Normal(3)],
        t => t[0].Conv2d(t[1], t[2], padding: 1, activation: activation),
        a => ReferenceConv.Forward(a[0], a[1], a[2], Padded(1)).Map(v => OfReal(activation, v)))
    { Cancels = true };

    private static OpCase Masked(int colors, bool self) => new(
        $"conv, mask {(self ? "B" : "A")} of {colors} colours", [OpInput.Normal(2, 3, 4, 5), OpInput.Normal(6, 3, 3, 3), OpInput.Normal(6)],
        t => ConvOp.Apply(
            "MaskedConv2d", t[0], t[1], t[2], 2, new(1, 1, 1, 1), Activation.Identity, new ConvMask(4, colors, self)),
        a => ReferenceConv.Forward(a[0], ReferenceConv.Masked(a[1], colors, self), a[2], Padded(1)))
    { Cancels = true };

    internal static Real OfReal(Activation activation, Real v) => activation switch
    {
        Activation.Relu => v > 0 ? v : 0,
        Activation.Tanh => Real.Tanh(v),
        Activation.Sigmoid => Real.Sigmoid(v),
        Activation.Gelu => v * (1 + Real.Erf(v / Math.Sqrt(2))) * 0.5,
        _ => v,
    };

    private static Padding2d Sides(ReferenceWindow window) =>
        new(window.Padding.Top, window.Padding.Bottom, window.Padding.Left, window.Padding.Right);
}
