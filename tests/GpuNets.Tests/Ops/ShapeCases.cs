using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Ops that move elements: every launch form of the strided copy (rows, elements, tiles, one run), tails, and empty tensors.</summary>
internal sealed class ShapeCases : IOpCases
{
    public IEnumerable<OpCase> Cases => [.. Views(), .. Permutes(), .. Slices(), .. Joins(), .. Pads(), .. Repeats()];

    private static IEnumerable<OpCase> Views() =>
    [
        One("reshape", [4, 6], x => x.Reshape(3, -1), x => x.Reshape(3, 8)),
        One("reshape to a scalar", [1, 1], x => x.Reshape(), x => x.Reshape()),
        One("reshape empty", [0, 4], x => x.Reshape(2, 0), x => x.Reshape(2, 0)),
        One("flatten", [2, 3, 4], x => x.Flatten(1), x => x.Reshape(2, 12)),
        One("squeeze and unsqueeze", [2, 1, 3], x => x.Squeeze(1).Unsqueeze(-1), x => x.Reshape(2, 3, 1)),
        One("values used twice", [2, 3], x => Tensor.Concatenate(0, x.Reshape(6), x.Reshape(6).Tanh(), x.Flatten()),
            x => ShapeReference.Concatenate(0, x.Reshape(6), x.Reshape(6).Map(Real.Tanh), x.Reshape(6))),
    ];

    private static IEnumerable<OpCase> Permutes() =>
    [
        One("transpose [3, 5]", [3, 5], x => x.Transpose(), x => ShapeReference.Permute(x, 1, 0)),
        One("transpose [33, 127]", [33, 127], x => x.Transpose(), x => ShapeReference.Permute(x, 1, 0)),
        One("transpose [9, 11]", [9, 11], x => x.Transpose(), x => ShapeReference.Permute(x, 1, 0), emulate: true),
        One("transpose batch", [3, 31, 65], x => x.Transpose(1, 2), x => ShapeReference.Permute(x, 0, 2, 1)),
        One("transpose [0, 3]", [0, 3], x => x.Transpose(), x => ShapeReference.Permute(x, 1, 0)),
        One("permute heads", [2, 5, 3, 4], x => x.Permute(0, 2, 1, 3), x => ShapeReference.Permute(x, 0, 2, 1, 3)),
        One("permute to channels last", [2, 17, 5, 9], x => x.Permute(0, 2, 3, 1), x => ShapeReference.Permute(x, 0, 2, 3, 1)),
        One("permute outer axes of a tiled copy", [9, 4, 3, 10], x => x.Permute(2, 3, 1, 0), x => ShapeReference.Permute(x, 2, 3, 1, 0), emulate: true),
        One("permute six axes", [2, 3, 2, 3, 2, 3], x => x.Permute(5, 3, 1, 4, 2, 0), x => ShapeReference.Permute(x, 5, 3, 1, 4, 2, 0)),
        One("permute nothing", [4, 5], x => x.Permute(0, -1), x => x),
        One("permute twice used", [3, 4], x => Tensor.Concatenate(0, x.Transpose(), x.Transpose()),
            x => ShapeReference.Concatenate(0, ShapeReference.Permute(x, 1, 0), ShapeReference.Permute(x, 1, 0))),
    ];

    private static IEnumerable<OpCase> Slices() =>
    [
        One("slice rows", [7, 5], x => x.Slice(0, 2, 6), x => ShapeReference.Slice(x, 0, 2, 6)),
        One("slice columns", [7, 40], x => x.Slice(1, 3, -4), x => ShapeReference.Slice(x, 1, 3, 36)),
        One("slice columns with a step", [3, 11], x => x.Slice(1, 1, step: 3), x => ShapeReference.Slice(x, 1, 1, 11, 3)),
        One("slice rows with a step", [9, 4], x => x.Slice(-2, -9, 9, 4), x => ShapeReference.Slice(x, 0, 0, 9, 4)),
        One("slice nothing", [3, 4], x => x.Slice(1, 2, 2), x => ShapeReference.Slice(x, 1, 2, 2)),
        One("slice one run", [1023], x => x.Slice(0, 511), x => ShapeReference.Slice(x, 0, 511, 1023)),
        One("slices that overlap", [6, 3], x => Tensor.Concatenate(0, x.Slice(0, 0, 4), x.Slice(0, 2)),
            x => ShapeReference.Concatenate(0, ShapeReference.Slice(x, 0, 0, 4), ShapeReference.Slice(x, 0, 2, 6))),
        One("select", [3, 4, 5], x => x.Select(1, -1), x => ShapeReference.Slice(x, 1, 3, 4).Reshape(3, 5)),
        One("split", [5, 6], x => Join(x.Split(1, 1, 0, 3, 2), piece => piece.Flatten()),
            x => Flat(ShapeReference.Slice(x, 1, 0, 1), ShapeReference.Slice(x, 1, 1, 4), ShapeReference.Slice(x, 1, 4, 6))),
        One("split, one piece used", [5, 6], x => x.Split(1, 2, 4)[1], x => ShapeReference.Slice(x, 1, 2, 6)),
        One("chunk", [4, 6], x => Tensor.Concatenate(0, x.Chunk(1, 3)),
            x => ShapeReference.Concatenate(0, ShapeReference.Slice(x, 1, 0, 2), ShapeReference.Slice(x, 1, 2, 4), ShapeReference.Slice(x, 1, 4, 6))),
        One("unstack", [3, 4, 2], x => Tensor.Concatenate(1, x.Unstack(1)), x => x.Reshape(3, 8)),
    ];

    private static IEnumerable<OpCase> Joins() =>
    [
        Two("concatenate rows", [2, 5], [3, 5], (a, b) => Tensor.Concatenate(0, a, b), (a, b) => ShapeReference.Concatenate(0, a, b)),
        Two("concatenate columns", [5, 2], [5, 33], (a, b) => Tensor.Concatenate(-1, a, b, a), (a, b) => ShapeReference.Concatenate(1, a, b, a)),
        Two("concatenate nothing", [0, 3], [2, 3], (a, b) => Tensor.Concatenate(0, a, b), (a, b) => ShapeReference.Concatenate(0, a, b)),
        Two("stack first", [2, 3], [2, 3], (a, b) => Tensor.Stack(0, a, b), (a, b) => ShapeReference.Concatenate(0, a, b).Reshape(2, 2, 3)),
        Two("stack last", [2, 3], [2, 3], (a, b) => Tensor.Stack(-1, a, b),
            (a, b) => ShapeReference.Concatenate(2, a.Reshape(2, 3, 1), b.Reshape(2, 3, 1))),
    ];

    private static IEnumerable<OpCase> Pads() =>
    [
        One("pad all sides", [3, 4], x => x.Pad([(1, 2), (0, 3)], 2.5f), x => ShapeReference.Pad(x, [(1, 2), (0, 3)], 2.5)),
        One("pad one axis", [3, 65], x => x.Pad(-1, 2, 0), x => ShapeReference.Pad(x, [(0, 0), (2, 0)], 0)),
        One("pad nothing", [3, 4], x => x.Pad([(0, 0), (0, 0)]), x => x),
    ];

    private static IEnumerable<OpCase> Repeats() =>
    [
        One("broadcast rows", [33], x => x.BroadcastTo((7, 33)), x => ShapeReference.BroadcastTo(x, 7, 33)),
        One("broadcast columns", [7, 1], x => x.BroadcastTo((7, 33)), x => ShapeReference.BroadcastTo(x, 7, 33)),
        One("broadcast inside and outside", [3, 1, 2], x => x.BroadcastTo((2, 3, 5, 2)), x => ShapeReference.BroadcastTo(x, 2, 3, 5, 2)),
        One("broadcast a scalar", [], x => x.BroadcastTo(31), x => ShapeReference.BroadcastTo(x, 31)),
        One("broadcast to nothing", [1, 3], x => x.BroadcastTo((0, 3)), x => ShapeReference.BroadcastTo(x, 0, 3)),
        One("broadcast to itself", [2, 3], x => x.BroadcastTo((2, 3)).Tanh(), x => x.Map(Real.Tanh)),
        One("repeat", [2, 3], x => x.Repeat(1, 3), x => ShapeReference.Concatenate(1, x, x, x)),
        One("repeat rows", [2, 3], x => x.Repeat(-2, 2), x => ShapeReference.Concatenate(0, x, x)),
    ];

    private static Tensor Join(Tensor[] pieces, Func<Tensor, Tensor> f) => Tensor.Concatenate(0, [.. pieces.Select(f)]);

    private static NdArray Flat(params NdArray[] pieces) => ShapeReference.Concatenate(0, [.. pieces.Select(piece => piece.Reshape(piece.Length))]);

    private static OpCase One(string name, int[] shape, Func<Tensor, Tensor> run, Func<NdArray, NdArray> reference, bool emulate = false)
    {
        var made = new OpCase(name, [OpInput.Normal(shape)], x => run(x[0]), x => reference(x[0]));
        return emulate ? made with { Emulate = true } : made;
    }

    private static OpCase Two(
        string name, int[] first, int[] second, Func<Tensor, Tensor, Tensor> run, Func<NdArray, NdArray, NdArray> reference) =>
        new(name, [OpInput.Normal(first), OpInput.Normal(second)], x => run(x[0], x[1]), x => reference(x[0], x[1]));
}
