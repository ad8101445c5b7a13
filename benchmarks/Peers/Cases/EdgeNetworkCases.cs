using TorchPeers;
using TorchSharp;
using Torch = TorchSharp.torch;

namespace GpuNets.Peers;

/// <summary>Messages of a batch of 20 molecules as complete graphs (18 atoms each, 6,120 edges, states of 50), with all gradients.</summary>
internal static class EdgeNetworkCases
{
    private const int Molecules = 20, Atoms = 18, Size = 50, Labels = 14;
    private const int Nodes = Molecules * Atoms, Edges = Molecules * Atoms * (Atoms - 1);

    public static IEnumerable<PeerCase> All =>
    [
        Case("edge-matrices-qm9", (device, graph) => x => x[0].EdgeMatrices(graph, x[1]), x => Messages(x[0], x[1]), States(), Normal("matrices", 2, 0.1f, Edges, Size, Size)),
        Case(
            "edge-linear-qm9", (device, graph) => x => x[0].EdgeLinear(graph, x[1], x[2], x[3]),
            x => Messages(x[0], torch.nn.functional.linear(x[1], x[2], x[3]).reshape(Edges, Size, Size)),
            States(), Normal("features", 2, 1, Edges, Size), Normal("weight", 3, 0.02f, Size * Size, Size), Normal("bias", 4, 0.02f, Size * Size)),
        Case(
            "label-matrices-qm9", (device, graph) =>
            {
                var labels = graph.Label(LabelOfEdges(), Labels);
                return x => x[0].LabelMatrices(labels, x[1]);
            },
            x => Messages(x[0], x[1].index_select(0, s_labels.Value)), States(), Normal("matrices", 2, 0.1f, Labels, Size, Size)),
    ];

    private static readonly Lazy<Torch.Tensor> s_sources = new(() => Index(Ends().Sources));
    private static readonly Lazy<Torch.Tensor> s_targets = new(() => Index(Ends().Targets));
    private static readonly Lazy<Torch.Tensor> s_labels = new(() => Index(LabelOfEdges()));

    private static (int[] Sources, int[] Targets) Ends()
    {
        List<int> sources = [], targets = [];
        for (int molecule = 0; molecule < Molecules; molecule++)
            for (int a = 0; a < Atoms; a++)
                for (int b = 0; b < Atoms; b++)
                {
                    if (a == b) continue;
                    sources.Add(molecule * Atoms + a);
                    targets.Add(molecule * Atoms + b);
                }
        return ([.. sources], [.. targets]);
    }

    private static int[] LabelOfEdges() => [.. Enumerable.Range(0, Edges).Select(e => e * 7 % 13 * 5 % Labels)];

    private static Torch.Tensor Index(int[] values) => torch.tensor([.. values.Select(value => (long)value)]);

    private static Torch.Tensor Messages(Torch.Tensor x, Torch.Tensor matrices) => torch.zeros(Nodes, Size)
        .index_add(0, s_targets.Value, matrices.bmm(x.index_select(0, s_sources.Value).unsqueeze(2)).squeeze(2), 1);

    private static HostArray States() => Normal("states", 1, 1, Nodes, Size);

    private static HostArray Normal(string name, int seed, float deviation, params int[] shape) => HostArray.Normal(name, seed, deviation, shape);

    private static PeerCase Case(
        string name, Func<Device, GraphBatch, Func<Tensor[], Tensor>> ours, Func<Torch.Tensor[], Torch.Tensor> peer, params HostArray[] inputs)
    {
        var gradient = Normal("gradient", 9, 1, Nodes, Size);
        return new PeerCase(
            name, Bounds.Convolved,
            device =>
            {
                var (sources, targets) = Ends();
                return new GpuNetsGradients(device, ours(device, device.Graphs(new EdgeList(Nodes, sources, targets))), gradient, inputs);
            },
            () =>
            {
                // Made here: within a run they would belong to its scope.
                _ = (s_sources.Value, s_targets.Value, s_labels.Value);
                return new TorchGradients(peer, gradient, inputs);
            });
    }
}
