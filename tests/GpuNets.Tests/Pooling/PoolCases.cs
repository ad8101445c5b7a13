using GpuNets.Reference;
using GpuNets.Tests.Ops;
using static GpuNets.Tests.Pooling.PoolReference;

namespace GpuNets.Tests.Pooling;

/// <summary>Pooling with every option, in one and two dimensions; windows that overlap, leave gaps, reach over the edge.</summary>
internal sealed class PoolCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Max2d((4, 6), 2, 2, 0), Max2d((5, 7), 2, 2, 0), Max2d((5, 7), 2, 2, 0, ceil: true), Max2d((7, 33), 3, 2, 1), Max2d((6, 31), 3, 2, 1, ceil: true),
        Max2d((4, 5), 3, 1, 1), Max2d((9, 8), 2, 3, 0), Max2d((9, 40), 3, 2, 1, dilation: 2), Max2d((4, 4), 2, 3, 1, ceil: true), Max2d((1, 1), 1, 1, 0),
        new("max pool 2d with numbers for each axis", [OpInput.Distinct(2, 3, 7, 9)],
            x => x[0].MaxPool2d((3, 2), (1, 3), (1, 0), (2, 1)), x => Max(x[0], Strided(7, 3, 1, 1, 2), Strided(9, 2, 3, 0))),
        new("max pool 1d", [OpInput.Distinct(2, 3, 35)], x => x[0].MaxPool1d(3, 2, 1, ceil: true),
            x => From1d(Max(To2d(x[0]), Strided(1, 1, 1, 0), Strided(35, 3, 2, 1, ceil: true)))),
        Average2d((4, 6), 2, 2, 0), Average2d((7, 33), 3, 2, 1), Average2d((7, 33), 3, 2, 1, includePad: false), Average2d((6, 31), 3, 2, 1, ceil: true),
        Average2d((6, 31), 3, 2, 1, ceil: true, includePad: false), Average2d((5, 5), 3, 1, 1), Average2d((9, 8), 2, 3, 0), Average2d((6, 6), 3, 2, 1, divisor: 5),
        new("average pool 1d", [OpInput.Uniform(0.1, 2, 2, 3, 35)], x => x[0].AveragePool1d(4, 3, 2, ceil: true, countIncludePad: false),
            x => From1d(Average(To2d(x[0]), Strided(1, 1, 1, 0, includePad: false), Strided(35, 4, 3, 2, ceil: true, includePad: false)))),
        .. from outputs in new[] { (1, 1), (2, 3), (5, 7), (9, 4) }
           from cases in new[]
           {
               new OpCase($"adaptive max pool {outputs}", [OpInput.Distinct(2, 2, 5, 7)], x => x[0].AdaptiveMaxPool(outputs.Item1, outputs.Item2),
                   x => Max(x[0], Adaptive(5, outputs.Item1), Adaptive(7, outputs.Item2))),
               new OpCase($"adaptive average pool {outputs}", [OpInput.Uniform(0.1, 2, 2, 2, 5, 7)], x => x[0].AdaptiveAveragePool(outputs.Item1, outputs.Item2),
                   x => Average(x[0], Adaptive(5, outputs.Item1), Adaptive(7, outputs.Item2))),
           }
           select cases,
        new("adaptive average pool 1d", [OpInput.Uniform(0.1, 2, 2, 2, 33)], x => x[0].AdaptiveAveragePool(4),
            x => From1d(Average(To2d(x[0]), Adaptive(1, 1), Adaptive(33, 4)))),
    ];

    private static OpCase Max2d((int H, int W) size, int kernel, int stride, int padding, int dilation = 1, bool ceil = false) => new(
        $"max pool 2d {size} kernel {kernel} stride {stride} padding {padding} dilation {dilation}{(ceil ? " ceil" : "")}", [OpInput.Distinct(2, 2, size.H, size.W)],
        x => x[0].MaxPool2d(kernel, stride, padding, dilation, ceil),
        x => Max(x[0], Strided(size.H, kernel, stride, padding, dilation, ceil), Strided(size.W, kernel, stride, padding, dilation, ceil)));

    // One sign: the relative error of a mean that cancels has no bound.
    private static OpCase Average2d(
        (int H, int W) size, int kernel, int stride, int padding, bool ceil = false, bool includePad = true, int divisor = 0) => new(
        $"average pool 2d {size} kernel {kernel} stride {stride} padding {padding}{(ceil ? " ceil" : "")}{(includePad ? "" : " without pad")}{(divisor > 0 ? $" divisor {divisor}" : "")}",
        [OpInput.Uniform(0.1, 2, 2, 2, size.H, size.W)],
        x => x[0].AveragePool2d(kernel, stride, padding, ceil, includePad, divisor > 0 ? divisor : null),
        x => Average(x[0], Strided(size.H, kernel, stride, padding, 1, ceil, includePad), Strided(size.W, kernel, stride, padding, 1, ceil, includePad), divisor));

    private static NdArray To2d(NdArray x) => x.Reshape(x.Shape[0], x.Shape[1], 1, x.Shape[2]);

    private static NdArray From1d(NdArray y) => y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
}
