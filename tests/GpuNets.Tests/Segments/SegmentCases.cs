using GpuNets.Reference;
using GpuNets.Tests.Ops;

namespace GpuNets.Tests.Segments;

/// <summary>Segment operations and messages: empty segments, no rows at all, rows shorter and longer than a team shares.</summary>
internal sealed class SegmentCases : IOpCases
{
    private static readonly int[] s_small = [2, 0, 2, 4, 2, 0];           // segments 1 and 3 are empty
    private static readonly int[] s_many = [.. Enumerable.Range(0, 127).Select(i => i * i % 31)];

    public IEnumerable<OpCase> Cases =>
    [
        .. Shapes().SelectMany(shape => new[]
        {
            Sum(shape.Name, shape.Row, shape.Ids, shape.Count),
            Mean(shape.Name, shape.Row, shape.Ids, shape.Count),
            Max(shape.Name, shape.Row, shape.Ids, shape.Count),
            Softmax(shape.Name, shape.Row, shape.Ids, shape.Count),
            Spread(shape.Name, shape.Row, shape.Ids, shape.Count),
        }),
        Weighted("one weight per row", [3], [], s_small, 5),
        Weighted("one weight per row, long rows", [83], [], s_many, 31),
        Weighted("a weight per head", [2, 17], [2], s_small, 5),
        Weighted("a weight per head, short", [3, 2], [3], s_small, 5),
        Weighted("a weight per column", [19], [19], s_small, 5),
        Weighted("a weight per column, short", [2], [2], s_small, 5),
        Product("a matrix per segment", 3, 2, s_small, 5),
        Product("a matrix per segment, rows of whole panels", 4, 32, s_small, 5),
        Product("a matrix per segment, more rows", 19, 33, s_many, 31),
        Product("a matrix for all", 5, 6, [0, 0, 0, 0, 0, 0, 0], 1),
        Product("a matrix per segment, no terms", 0, 3, s_small, 5),
        Product("a matrix per segment, no rows", 3, 2, [], 4),
        Scatter("scatter-add", [3], s_small, 5),
        Scatter("scatter-add, long rows", [67], s_many, 40),
        Scatter("scatter-add, no rows", [3], [], 4),
        Message("sum of neighbours", [5], null),
        Message("one weight per edge", [5], []),
        Message("one weight per edge, long", [70], []),
        Message("a weight per head", [2, 16], [2]),
        Message("a filter per column", [33], [33]),
        Message("single numbers", [], null),
        Message("single numbers with weights", [], []),
    ];

    private static IEnumerable<(string Name, int[] Row, int[] Ids, int Count)> Shapes() =>
    [
        ("of rows of 3", [3], s_small, 5),
        ("of single numbers", [], s_small, 5),
        ("of long rows", [17], [1, 1, 0], 3),
        ("of many rows", [83], s_many, 31),
        ("of many numbers", [], s_many, 31),
        ("of two axes", [4, 9], s_many, 33),
        ("in one segment", [], [0, 0, 0, 0, 0, 0, 0], 1),
        ("of no rows", [3], [], 4),
        ("without segments", [3], [], 0),
    ];

    private static GpuNets.Segments Of(Tensor[] x, int[] ids, int count) => x[0].Device.Segments(x[0].Device.Indices(ids), count);

    private static OpCase Product(string name, int inputs, int outputs, int[] ids, int count) => new(
        name, [OpInput.Normal(ids.Length, inputs), OpInput.Normal(count, outputs, inputs)], x => x[0].SegmentMatMul(Of(x, ids, count), x[1]),
        x =>
        {
            var y = new NdArray([ids.Length, outputs]);
            for (int row = 0; row < ids.Length; row++)
                for (int i = 0; i < outputs; i++)
                    for (int j = 0; j < inputs; j++) y[row, i] += x[1][ids[row], i, j] * x[0][row, j];
            return y;
        })
    { Cancels = true };

    private static OpCase Sum(string name, int[] row, int[] ids, int count) => new(
        $"segment sum {name}", [OpInput.Normal([ids.Length, .. row])], x => x[0].SegmentSum(Of(x, ids, count)),
        x => SegmentReference.Reduce(x[0], ids, count, ReferenceFunctions.Sum))
    { Cancels = true };

    private static OpCase Mean(string name, int[] row, int[] ids, int count) => new(
        $"segment mean {name}", [OpInput.Normal([ids.Length, .. row])], x => x[0].SegmentMean(Of(x, ids, count)),
        x => SegmentReference.Reduce(x[0], ids, count, values => values.Length == 0 ? 0 : ReferenceFunctions.Sum(values) / values.Length))
    { Cancels = true };

    private static OpCase Max(string name, int[] row, int[] ids, int count) => new(
        $"segment max {name}", [OpInput.Distinct([ids.Length, .. row])], x => x[0].SegmentMax(Of(x, ids, count)),
        x => SegmentReference.Reduce(x[0], ids, count, values => values.Length == 0 ? 0 : ReferenceFunctions.Max(values)));

    private static OpCase Softmax(string name, int[] row, int[] ids, int count) => new(
        $"segment softmax {name}", [OpInput.Normal([ids.Length, .. row])], x => x[0].SegmentSoftmax(Of(x, ids, count)),
        x => SegmentReference.Softmax(x[0], ids, count))
    { Cancels = true };   // the gradient is y times a difference

    private static OpCase Spread(string name, int[] row, int[] ids, int count) => new(
        $"spread {name}", [OpInput.Normal([count, .. row])], x => x[0].Spread(Of(x, ids, count)),
        x => ShapeReference.Pick(x[0], [ids.Length, .. row], i => [ids[i[0]], .. i[1..]]));

    private static OpCase Weighted(string name, int[] row, int[] weight, int[] ids, int count) => new(
        $"segment weighted sum, {name}", [OpInput.Normal([ids.Length, .. row]), OpInput.Normal([ids.Length, .. weight])],
        x => x[0].SegmentSum(Of(x, ids, count), x[1]),
        x => SegmentReference.Propagate(x[0], x[1], [.. Enumerable.Range(0, ids.Length)], ids, count))
    { Cancels = true };

    private static OpCase Scatter(string name, int[] row, int[] ids, int count) => new(
        name, [OpInput.Normal([ids.Length, .. row])], x => x[0].ScatterAdd(x[0].Device.Indices(ids), count),
        x => SegmentReference.Reduce(x[0], ids, count, ReferenceFunctions.Sum))
    { Cancels = true };

    private static OpCase Message(string name, int[] row, int[]? weight)
    {
        OpInput[] inputs = weight is null
            ? [OpInput.Normal([SampleGraphs.Nodes, .. row])]
            : [OpInput.Normal([SampleGraphs.Nodes, .. row]), OpInput.Normal([SampleGraphs.Sources.Length, .. weight])];
        return new OpCase(
            $"propagate, {name}", inputs, x => x[0].Propagate(SampleGraphs.On(x[0].Device), x.ElementAtOrDefault(1)),
            x => SegmentReference.Propagate(x[0], x.ElementAtOrDefault(1), SampleGraphs.Sources, SampleGraphs.Targets, SampleGraphs.Nodes))
        { Cancels = true };
    }
}
