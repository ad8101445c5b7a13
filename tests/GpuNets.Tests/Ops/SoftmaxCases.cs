using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Softmax and log-softmax over any axis.</summary>
internal sealed class SoftmaxCases : IOpCases
{
    private static readonly (int[] Shape, int Axis)[] s_shapes =
    [
        ([1], 0), ([31], -1), ([2, 33], 1), ([3, 127], -1), ([2, 1023], -1), ([33, 2], 0), ([3, 5, 4], 1), ([5, 3, 4], 0), ([3, 1], 1),
        ([0, 3], 1), ([3, 0], 1), ([3, 0], 0),
    ];

    public IEnumerable<OpCase> Cases =>
    [
        .. Shapes("softmax", (x, axis) => x.Softmax(axis), ReferenceFunctions.Softmax, OpInput.Normal),
        .. Shapes("log-softmax", (x, axis) => x.LogSoftmax(axis), ReferenceFunctions.LogSoftmax, OpInput.Normal),
        new("softmax of large values", [OpInput.Uniform(-500, 500, 3, 17)], x => x[0].Softmax(), x => ReferenceFunctions.Softmax(x[0], 1)),
        new("log-softmax of large values", [OpInput.Uniform(-500, 500, 3, 17)], x => x[0].LogSoftmax(), x => ReferenceFunctions.LogSoftmax(x[0], 1)),
    ];

    private static IEnumerable<OpCase> Shapes(string name, Func<Tensor, int, Tensor> run, Func<NdArray, int, NdArray> reference, Func<int[], OpInput> input) =>
        s_shapes.Select(s => new OpCase(
            $"{name} [{string.Join(", ", s.Shape)}] along {s.Axis}", [input(s.Shape)],
            x => run(x[0], s.Axis), x => reference(x[0], s.Axis < 0 ? s.Axis + s.Shape.Length : s.Axis)));
}
