using BenchmarkDotNet.Attributes;

namespace GpuNets.Benchmarks;

/// <summary>
/// Messages along the edges of random graphs, on the device that GPUNETS_DEVICE names (the host's cores by default). The baseline stores
/// every message: rows are spread to edges, then summed. Each method waits for the device once.
/// </summary>
public class GraphBenchmarks
{
    private const int Columns = 64;

    private Device? _device;
    private GraphBatch? _graph;
    private Tensor? _states, _gradient, _edgeRows;

    /// <summary>Edges; there are ten times fewer nodes.</summary>
    [Params(200_000, 4_000_000)]
    public int Edges { get; set; } = 200_000;

    /// <summary>Makes the graph and compiles the kernels.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _device = Device.Open(Environment.GetEnvironmentVariable(Device.EnvironmentVariable) ?? "cpu");
        int nodes = Edges / 10;
        var random = new Philox(1);
        int[] Ends(uint half) => [.. Enumerable.Range(0, Edges).Select(e => random.Below(2 * (uint)e + half, nodes))];
        _graph = _device.Graphs(new EdgeList(nodes, Ends(0), Ends(1)));
        Tensor Rows(int rows) => _device.Tensor([.. Enumerable.Range(0, rows * Columns).Select(i => random.Uniform((uint)i))], (rows, Columns));
        (_states, _gradient, _edgeRows) = (Rows(nodes), Rows(nodes), Rows(Edges));
    }

    /// <summary>Frees the device.</summary>
    [GlobalCleanup]
    public void Cleanup() => _device!.Dispose();

    /// <summary>Messages stored: gather, then sum.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Forward")]
    public void GatherThenSum() => Forward(() => _states!.Spread(_graph!.EdgesBySource).SegmentSum(_graph.EdgesByTarget));

    /// <summary>No message stored.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void Propagate() => Forward(() => _states!.Propagate(_graph!));

    /// <summary>Rows of edges to nodes.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void SegmentSum() => Forward(() => _edgeRows!.SegmentSum(_graph!.EdgesByTarget));

    /// <summary>Softmax over the edges that arrive at a node.</summary>
    [Benchmark, BenchmarkCategory("Forward")]
    public void SegmentSoftmax() => Forward(() => _edgeRows!.SegmentSoftmax(_graph!.EdgesByTarget));

    /// <summary>Forward, and back along the edges.</summary>
    [Benchmark, BenchmarkCategory("Step")]
    public void PropagateStep()
    {
        using var tape = _device!.Record();
        tape.Backward(tape.Watch(_states!).Propagate(_graph!), _gradient!);
        _device!.Synchronize();
    }

    private void Forward(Func<Tensor> run)
    {
        using var scope = _device!.Scope();
        run();
        _device!.Synchronize();
    }
}
