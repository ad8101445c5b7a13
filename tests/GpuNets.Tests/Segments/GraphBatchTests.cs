namespace GpuNets.Tests.Segments;

/// <summary>How graphs become one batch, and which input is refused.</summary>
public sealed class GraphBatchTests
{
    [Fact(Timeout = 60_000)]
    public async Task Graphs_follow_each_other()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var batch = SampleGraphs.On(lease.Device);
        Assert.Equal((3, 11, 11), (batch.Count, batch.Nodes, batch.Edges));
        Assert.Equal([0, 4, 6, 11], batch.NodeOffsets);
        Assert.Equal([0, 6, 6, 11], batch.EdgeOffsets);
        Assert.Equal(SampleGraphs.Sources, batch.Sources.ToArray());
        Assert.Equal(SampleGraphs.Targets, batch.Targets.ToArray());
        Assert.Equal([0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2], batch.NodesByGraph.Ids.ToArray());
        Assert.Equal((3, 11), (batch.NodesByGraph.Count, batch.NodesByGraph.Rows));
        Assert.Equal("GraphBatch(3 graphs, 11 nodes, 11 edges) on " + lease.Device.Info.Id, batch.ToString());
    }

    [Fact(Timeout = 60_000)]
    public async Task Nothing_is_a_batch()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var none = lease.Device.Graphs();
        Assert.Equal((0, 0, 0), (none.Count, none.Nodes, none.Edges));
        Assert.Equal(new Shape(0, 3), lease.Device.Tensor([], (0, 3)).Propagate(none).Shape);
        var isolated = lease.Device.Graphs(new EdgeList(3, [], []), new EdgeList(0, [], []));
        var x = tape.Watch(lease.Device.Tensor([1, 2, 3], (3, 1)));
        var y = x.Propagate(isolated);
        Assert.Equal([0f, 0, 0], y.ToArray());
        tape.Backward(y.Sum());
        Assert.Equal([0f, 0, 0], tape.Gradient(x)!.ToArray());
        Assert.Equal([6f, 0], lease.Device.Tensor([1, 2, 3], 3).SegmentSum(isolated.NodesByGraph).ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task Lengths_give_segments_of_neighbours()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var segments = lease.Device.SegmentsOfLengths(2, 0, 3);
        Assert.Equal([0, 0, 2, 2, 2], segments.Ids.ToArray());
        Assert.Equal([3f, 0, 12], lease.Device.Tensor([1, 2, 3, 4, 5], 5).SegmentSum(segments).ToArray());
        Assert.Equal($"Segments(5 rows in 3 segments) on {lease.Device.Info.Id}", segments.ToString());
    }

    public static TheoryData<string> Refused => [.. s_refused.Keys];

    private static readonly Dictionary<string, (Action<Device> Act, string Message)> s_refused = new()
    {
        ["a target that is no node"] = (d => d.Graphs(new EdgeList(2, [0], [1]), new EdgeList(3, [0, 1, 2], [1, 2, 3])),
            "GraphBatch: edge 2 of graph 1 goes from node 2 to node 3, but the graph has 3 nodes (numbered from 0)."),
        ["a negative source"] = (d => d.Graphs(new EdgeList(2, [-1], [1])),
            "GraphBatch: edge 0 of graph 0 goes from node -1 to node 1, but the graph has 2 nodes (numbered from 0)."),
        ["more sources than targets"] = (d => d.Graphs(new EdgeList(2, [0, 1], [1])), "GraphBatch: graph 0 has 2 sources but 1 targets."),
        ["a negative number of nodes"] = (d => d.Graphs(new EdgeList(-1, [], [])), "GraphBatch: graph 0 has -1 nodes."),
        ["a segment too large"] = (d => d.Segments(d.Indices(0, 1, 3), 3), "Segments: row 2 belongs to segment 3, but there are 3 segments (numbered from 0)."),
        ["a negative segment"] = (d => d.Segments(d.Indices(0, -2), 3), "Segments: row 1 belongs to segment -2, but there are 3 segments (numbered from 0)."),
        ["a matrix of segments"] = (d => d.Segments(d.Indices([0, 1], (1, 2)), 3), "Segments: expected one index per row, [rows], got [1, 2]."),
        ["a negative length"] = (d => d.SegmentsOfLengths(1, -1), "Segments: segment 1 has a length of -1."),
        ["a negative number of segments"] = (d => d.Segments(d.Indices(0), -1), "Segments: the number of segments must not be negative. (Parameter 'count')\nActual value was -1."),
        ["rows that are not those of the segments"] = (d => d.Tensor(new float[6], (3, 2)).SegmentSum(d.SegmentsOfLengths(1, 1)),
            "SegmentSum: x [3, 2] must have 2 rows on axis 0, one per row of the segments."),
        ["a scalar"] = (d => d.Tensor([1f], []).SegmentMax(d.SegmentsOfLengths(1)), "SegmentMax: x [] must have 1 rows on axis 0, one per row of the segments."),
        ["spread of other rows"] = (d => d.Tensor(new float[6], (3, 2)).Spread(d.SegmentsOfLengths(1, 1)), "Spread: x [3, 2] must have 2 rows on axis 0, one per segment."),
        ["weights of other rows"] = (d => d.Tensor(new float[4], (2, 2)).SegmentSum(d.SegmentsOfLengths(1, 1), d.Tensor(1f, 2, 3)),
            "SegmentSum: weights [3] must be [2], one per edge, or go on with the axes of x [2, 2] after the first."),
        ["weights of another width"] = (d => d.Tensor(new float[4], (2, 2)).Propagate(d.Graphs(new EdgeList(2, [0], [1])), d.Tensor(new float[3], (1, 3))),
            "Propagate: weights [1, 3] must be [1], one per edge, or go on with the axes of x [2, 2] after the first."),
        ["values of other nodes"] = (d => d.Tensor(new float[4], (2, 2)).Propagate(d.Graphs(new EdgeList(3, [0], [1]))), "Propagate: x [2, 2] must have 3 rows on axis 0, one per node."),
        ["scatter of other rows"] = (d => d.Tensor(new float[4], (2, 2)).ScatterAdd(d.Indices(0), 3), "ScatterAdd: x [2, 2] must have 1 rows on axis 0, one per index."),
        ["scatter to no row"] = (d => d.Tensor(new float[4], (2, 2)).ScatterAdd(d.Indices(0, 3), 3), "ScatterAdd: row 1 belongs to segment 3, but there are 3 segments (numbered from 0)."),
        ["an edge network of other nodes"] = (d => d.Tensor(new float[4], (2, 2)).EdgeMatrices(OneEdge(d), d.Tensor(new float[4], (1, 2, 2))), "EdgeMatrices: x [2, 2] must be [3, in], a row per node."),
        ["matrices of other edges"] = (d => d.Tensor(new float[6], (3, 2)).EdgeMatrices(OneEdge(d), d.Tensor(new float[8], (2, 2, 2))),
            "EdgeMatrices: matrices [2, 2, 2] must be [1, out, 2], one per edge, for x [3, 2]."),
        ["features of other edges"] = (d => d.Tensor(new float[6], (3, 2)).EdgeLinear(OneEdge(d), d.Tensor(new float[4], (2, 2)), d.Tensor(new float[8], (4, 2))),
            "EdgeLinear: features [2, 2] must be [1, size], a row per edge."),
        ["a weight of other features"] = (d => d.Tensor(new float[6], (3, 2)).EdgeLinear(OneEdge(d), d.Tensor(new float[2], (1, 2)), d.Tensor(new float[6], (3, 2))),
            "EdgeLinear: weight [3, 2] must be [out * 2, 2] for x [3, 2] and features [1, 2]."),
        ["a bias of another size"] = (d => d.Tensor(new float[6], (3, 2)).EdgeLinear(OneEdge(d), d.Tensor(new float[2], (1, 2)), d.Tensor(new float[8], (4, 2)), d.Tensor(1f, 2)),
            "EdgeLinear: the bias has shape [2], expected [4]."),
        ["labels of other edges"] = (d => OneEdge(d).Label([0, 1], 2), "EdgeLabels: 2 labels for 1 edges."),
        ["a label too large"] = (d => OneEdge(d).Label([2], 2), "EdgeLabels: edge 0 has label 2, but there are 2 labels (numbered from 0)."),
        ["no labels"] = (d => OneEdge(d).Label([0], 0), "EdgeLabels: expected at least 1 label. (Parameter 'count')\nActual value was 0."),
        ["matrices of other labels"] = (d => d.Tensor(new float[6], (3, 2)).LabelMatrices(OneEdge(d).Label([0], 1), d.Tensor(new float[8], (2, 2, 2))),
            "LabelMatrices: matrices [2, 2, 2] must be [1, out, 2], one per label, for x [3, 2]."),
    };

    private static GraphBatch OneEdge(Device device) => device.Graphs(new EdgeList(3, [0], [1]));

    [Theory(Timeout = 60_000), MemberData(nameof(Refused))]
    public async Task Is_refused_with_a_message_that_says_what_and_why(string name)
    {
        await Task.Yield();
        var (act, message) = s_refused[name];
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var error = Assert.ThrowsAny<Exception>(() => act(lease.Device));
        Assert.True(error is GpuNetsException or ArgumentException, error.GetType().Name);
        Assert.Equal(message, error.Message.ReplaceLineEndings("\n"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Atomics_are_refused_where_there_is_no_CUDA()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        Assert.SkipWhen(lease.Device.Kind == DeviceKind.Cuda, "a CUDA device has them");
        using var scope = lease.Device.Scope();
        var error = Assert.Throws<NotSupportedException>(() => lease.Device.Tensor(1f, 2).ScatterAdd(lease.Device.Indices(0, 1), 2, ScatterForm.Atomic));
        Assert.Equal($"ScatterAdd: the atomic form runs on CUDA devices only, not on {lease.Device}; use ScatterForm.Sorted.", error.Message);
    }
}
