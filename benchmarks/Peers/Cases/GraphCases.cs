using TorchPeers;
using TorchSharp;
using Torch = TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>Rows of edges to and from nodes. GpuNets sorts the edges once for all steps, as a graph that stays the same allows.</summary>
internal static class GraphCases
{
    private const int Edges = 200_000, Nodes = 20_000, Columns = 64;

    public static IEnumerable<PeerCase> All =>
    [
        Of("scatter-add-200k-64", Bounds.Product, Segments, (s, x) => x.SegmentSum(s), Scatter, Rows(Edges, Columns)) with { Mark = 1.4 },
        Trained("scatter-add-200k-64-train", (s, x) => x.SegmentSum(s), Scatter, Rows(Edges, Columns), Rows(Nodes, Columns)),
        Of("scatter-add-sorting-200k-64", Bounds.Product, device => device.Indices(Targets(Nodes)), (i, x) => x.ScatterAdd(i, Nodes), Scatter, Rows(Edges, Columns)),
        Of("gather-200k-64", Bounds.Exact, Segments, (s, x) => x.Spread(s), (i, x) => x.index_select(0, i), Rows(Nodes, Columns)),
        Of("propagate-200k-64", Bounds.Product, Graph, (g, x) => x.Propagate(g), Neighbours, Rows(Nodes, Columns)),
        Trained("propagate-200k-64-train", (g, x) => x.Propagate(g), Neighbours, Rows(Nodes, Columns), Rows(Nodes, Columns), Graph),
        Of("segment-softmax-200k-8", Bounds.Normalised, Segments, (s, x) => x.SegmentSoftmax(s), Softmax, Rows(Edges, 8)),
    ];

    private static int[] Targets(int nodes)
    {
        var random = new Random(3);
        return [.. Enumerable.Range(0, Edges).Select(_ => random.Next(nodes))];
    }

    private static int[] Sources() => [.. Targets(Nodes).Reverse()];

    private static Segments Segments(Device device) => device.Segments(device.Indices(Targets(Nodes)), Nodes);

    private static GraphBatch Graph(Device device) => device.Graphs(new EdgeList(Nodes, Sources(), Targets(Nodes)));

    private static Torch.Tensor Index(int[] values) => torch.tensor([.. values.Select(value => (long)value)]);

    private static Torch.Tensor Scatter(Torch.Tensor index, Torch.Tensor x) => torch.zeros(Nodes, x.shape[1]).index_add(0, index, x, 1);

    private static Torch.Tensor Neighbours(Torch.Tensor index, Torch.Tensor x) => Scatter(index, x.index_select(0, s_sources.Value));

    private static Torch.Tensor Softmax(Torch.Tensor index, Torch.Tensor x)
    {
        // One maximum for all: TorchSharp has no maximum of segments. Less work than ours, and good enough for normal numbers.
        var exponentials = (x - x.max()).exp();
        return exponentials / Scatter(index, exponentials).index_select(0, index);
    }

    private static readonly Lazy<Torch.Tensor> s_sources = new(() => Index(Sources()));

    private static HostArray Rows(int rows, int columns) => HostArray.Normal("x", 1, 1, rows, columns);

    private static PeerCase Of<T>(
        string name, double bound, Func<Device, T> make, Func<T, Tensor, Tensor> ours, Func<Torch.Tensor, Torch.Tensor, Torch.Tensor> peer, HostArray x) => new(
        name, bound,
        device =>
        {
            var made = make(device);
            return new GpuNetsFunction(device, inputs => ours(made, inputs[0]), x);
        },
        () =>
        {
            var index = Index(Targets(Nodes));
            return new TorchFunction(inputs => peer(index, inputs[0]), x);
        });

    private static PeerCase Trained<T>(
        string name, Func<T, Tensor, Tensor> ours, Func<Torch.Tensor, Torch.Tensor, Torch.Tensor> peer, HostArray x, HostArray gradient, Func<Device, T> make) => new(
        name, Bounds.Product,
        device =>
        {
            var made = make(device);
            return new GpuNetsGradients(device, inputs => ours(made, inputs[0]), gradient, x);
        },
        () =>
        {
            var index = Index(Targets(Nodes));
            _ = s_sources.Value;   // made here: not in inference mode
            return new TorchGradients(inputs => peer(index, inputs[0]), gradient, x);
        });

    private static PeerCase Trained(
        string name, Func<Segments, Tensor, Tensor> ours, Func<Torch.Tensor, Torch.Tensor, Torch.Tensor> peer, HostArray x, HostArray gradient) =>
        Trained(name, ours, peer, x, gradient, Segments);
}
