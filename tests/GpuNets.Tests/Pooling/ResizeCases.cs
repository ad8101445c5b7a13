using GpuNets.Tests.Ops;
using static GpuNets.Tests.Pooling.PoolReference;

namespace GpuNets.Tests.Pooling;

/// <summary>Resizing up and down by sizes and by factors, and every way to continue an axis, further than it is long, too.</summary>
internal sealed class ResizeCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        .. from sizes in new[] { ((3, 4), (6, 8)), ((5, 7), (3, 2)), ((4, 5), (11, 33)), ((1, 3), (4, 1)), ((2, 33), (7, 20)), ((3, 3), (3, 3)), ((1, 1), (9, 17)) }
           from cases in Resized(sizes.Item1, sizes.Item2)
           select cases,
        new("resize by factors", [OpInput.Uniform(0.1, 2, 2, 2, 5, 6)], x => x[0].ResizeBy([1.5f, 8f]),
            x => Linear(Linear(x[0], 2, 7, 1 / 1.5f, false), 3, 48, 1 / 8f, false)) { PlainUlps = 4 },   // a weight near 1 comes of a difference
        new("resize nearest by factors", [OpInput.Normal(2, 2, 5, 6)], x => x[0].ResizeBy([2.3f, 0.7f], ResizeMode.Nearest),
            x => Nearest(Nearest(x[0], 2, 11, 1 / 2.3f), 3, 4, 1 / 0.7f)),
        new("resize 1d", [OpInput.Uniform(0.1, 2, 2, 3, 9)], x => x[0].Resize([20], alignCorners: true), x => Linear(x[0], 2, 20, 8.0 / 19, true)) { PlainUlps = 4 },
        .. from mode in Enum.GetValues<PadMode>()
           from pad in new[] { (2, 1, 3, 0), (0, 2, 1, 2), (9, 4, 13, 17), (3, 3, 0, 0) }
           from size in new[] { (4, 5), (1, 2), (3, 40) }
           select Padded(mode, pad, size),
        new("pad every axis", [OpInput.Normal(2, 3, 4)], x => x[0].Pad([(1, 0), (0, 2), (3, 3)], PadMode.Reflect),
            x => Pad(Pad(Pad(x[0], 2, 3, 3, PadMode.Reflect), 1, 0, 2, PadMode.Reflect), 0, 1, 0, PadMode.Reflect)),
    ];

    private static IEnumerable<OpCase> Resized((int H, int W) from, (int H, int W) to)
    {
        int[] shape = [2, 2, from.H, from.W];
        yield return new OpCase($"resize nearest {from} to {to}", [OpInput.Normal(shape)], x => x[0].Resize([to.H, to.W], ResizeMode.Nearest),
            x => Nearest(Nearest(x[0], 2, to.H, (float)from.H / to.H), 3, to.W, (float)from.W / to.W));
        // The place of an element has one rounding error of its own size, which is some of the weight's.
        yield return new OpCase($"resize linear {from} to {to}", [OpInput.Uniform(0.1, 2, shape)], x => x[0].Resize([to.H, to.W]),
            x => Linear(Linear(x[0], 2, to.H, (double)from.H / to.H, false), 3, to.W, (double)from.W / to.W, false))
        { PlainUlps = 2 * Math.Max(from.H, from.W) };
        yield return new OpCase($"resize linear, corners aligned {from} to {to}", [OpInput.Uniform(0.1, 2, shape)], x => x[0].Resize([to.H, to.W], alignCorners: true),
            x => Linear(Linear(x[0], 2, to.H, Step(from.H, to.H), true), 3, to.W, Step(from.W, to.W), true))
        { PlainUlps = 2 * Math.Max(from.H, from.W), Cancels = true };
    }

    private static double Step(int from, int to) => to > 1 ? (from - 1.0) / (to - 1) : 0;

    private static OpCase Padded(PadMode mode, (int Top, int Bottom, int Left, int Right) pad, (int H, int W) size) => new(
        $"pad {mode} {pad} of {size}", [OpInput.Uniform(0.1, 2, 1, 2, size.H, size.W)],
        x => x[0].Pad([(0, 0), (0, 0), (pad.Top, pad.Bottom), (pad.Left, pad.Right)], mode),
        x => Pad(Pad(x[0], 3, pad.Left, pad.Right, mode), 2, pad.Top, pad.Bottom, mode))
    { Emulate = size.W < 40 };
}
