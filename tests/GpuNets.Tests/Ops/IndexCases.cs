using GpuNets.Reference;

namespace GpuNets.Tests.Ops;

/// <summary>Selections by index: repeated, missing and no indices; rows shorter and longer than a team shares.</summary>
internal sealed class IndexCases : IOpCases
{
    public IEnumerable<OpCase> Cases =>
    [
        Select("rows, repeated", [5, 3], 0, [4, 0, 4, 4, 2], [5]),
        Select("rows as a matrix of indices", [7, 33], 0, [6, 1, 1, 0, 6, 3], [2, 3]),
        Select("long rows, tiny", [3, 17], 0, [2, 2, 0], [3]),
        Select("columns", [4, 5], 1, [0, 4, 4], [3]),
        Select("the middle axis", [3, 4, 20], -2, [3, 3, 0, 1, 3], [5]),
        Select("a wide range", [3000, 2], 0, [2999, 7, 2999], [3]),
        Select("single numbers", [9], 0, [8, 1, 8], [3]),
        Select("one index", [4, 3], 0, [2], []),
        Select("no index", [4, 3], 0, [], [0]),
        new("index select, twice used", [OpInput.Normal(4, 3)],
            x => Tensor.Concatenate(0, x[0].IndexSelect(0, x[0].Device.Indices(1, 1)), x[0].IndexSelect(0, x[0].Device.Indices(1, 3))),
            x => ShapeReference.Pick(x[0], [4, 3], i => [i[0] == 3 ? 3 : 1, i[1]])),
        Gather("columns", [3, 4], 1, [3, 0, 0, 2, 2, 2], [3, 2]),
        Gather("rows, shorter", [4, 5], 0, [3, 0, 1, 3, 3, 1], [2, 3]),
        Gather("the middle axis", [2, 3, 4], 1, [.. Enumerable.Range(0, 40).Select(i => i * 7 % 3)], [2, 5, 4]),
        Gather("one per row", [127, 31], -1, [.. Enumerable.Range(0, 127).Select(i => i * 5 % 31)], [127, 1]),
        Gather("nothing", [3, 4], 1, [], [3, 0]),
    ];

    private static OpCase Select(string name, int[] shape, int axis, int[] indices, int[] indexShape)
    {
        int at = axis < 0 ? axis + shape.Length : axis;
        int[] result = [.. shape[..at], .. indexShape, .. shape[(at + 1)..]];
        return new OpCase($"index select {name}", [OpInput.Normal(shape)], x => x[0].IndexSelect(axis, x[0].Device.Indices(indices, indexShape)),
            x => ShapeReference.Pick(x[0], result, i =>
            {
                int k = 0;
                for (int n = 0; n < indexShape.Length; n++) k = k * indexShape[n] + i[at + n];
                return [.. i[..at], indices[k], .. i[(at + indexShape.Length)..]];
            }));
    }

    private static OpCase Gather(string name, int[] shape, int axis, int[] indices, int[] indexShape) =>
        new($"gather {name}", [OpInput.Normal(shape)], x => x[0].Gather(axis, x[0].Device.Indices(indices, indexShape)), x =>
        {
            int at = 0;
            return ShapeReference.Pick(x[0], indexShape, i =>
            {
                i[axis < 0 ? axis + shape.Length : axis] = indices[at++];
                return i;
            });
        });
}
