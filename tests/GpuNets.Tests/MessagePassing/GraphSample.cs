using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>A graph on the host with features, labels and modes.</summary>
internal sealed record GraphSample(EdgeList Edges, float[][] Nodes, float[][] Features, int[] Labels, bool Directed = false)
{
    public const int Inputs = 3, EdgeInputs = 2, LabelCount = 3, ModeCount = 3;

    /// <summary>A ring of four with a tail, one atom alone, two parts that nothing joins, three atoms without a bond, a pair.</summary>
    public static GraphSample[] Molecules { get; } =
    [
        Undirected(5, 1, (0, 1), (1, 2), (2, 3), (3, 0), (3, 4)),
        Undirected(1, 2),
        Undirected(5, 3, (0, 1), (2, 3), (3, 4)),
        Undirected(3, 4),
        Undirected(2, 5, (0, 1)),
    ];

    public float[] Modes => LaplacianModes.Of(Edges, ModeCount);

    public static GraphSample Undirected(int nodes, int seed, params (int A, int B)[] pairs)
    {
        var random = new Random(seed);
        List<int> sources = [], targets = [], labels = [];
        List<float[]> features = [];
        foreach (var (a, b) in pairs)
        {
            int label = random.Next(LabelCount);
            float[] values = Normal(random, EdgeInputs);
            foreach (var (source, target) in new[] { (a, b), (b, a) })
            {
                sources.Add(source);
                targets.Add(target);
                labels.Add(label);
                features.Add(values);
            }
        }
        return new GraphSample(new EdgeList(nodes, [.. sources], [.. targets]), Rows(random, nodes), [.. features], [.. labels]);
    }

    /// <summary>A graph whose edges have a direction, with a loop and a double edge.</summary>
    public static GraphSample DirectedOne(int seed)
    {
        var random = new Random(seed);
        int[] sources = [0, 1, 1, 3, 0, 0], targets = [1, 2, 1, 0, 1, 3];
        return new GraphSample(
            new EdgeList(4, sources, targets), Rows(random, 4), [.. sources.Select(_ => Normal(random, EdgeInputs))], [.. sources.Select(_ => random.Next(LabelCount))], Directed: true);
    }

    /// <summary>The same graph with node i as node <c>order[i]</c>, and its edges in another order.</summary>
    public GraphSample Permuted(Random random)
    {
        int[] order = [.. Enumerable.Range(0, Edges.Nodes)], edges = [.. Enumerable.Range(0, Labels.Length)];
        random.Shuffle(order);
        random.Shuffle(edges);
        float[][] nodes = new float[Nodes.Length][];
        for (int i = 0; i < nodes.Length; i++) nodes[order[i]] = Nodes[i];
        return new GraphSample(
            new EdgeList(Edges.Nodes, [.. edges.Select(e => order[Edges.Sources[e]])], [.. edges.Select(e => order[Edges.Targets[e]])]),
            nodes, [.. edges.Select(e => Features[e])], [.. edges.Select(e => Labels[e])], Directed);
    }

    /// <summary>Graphs as a batch on a device.</summary>
    public static GraphInput On(Device device, params GraphSample[] samples)
    {
        var graphs = device.Graphs([.. samples.Select(sample => sample.Edges)]);
        return new GraphInput(graphs, device.Tensor([.. samples.SelectMany(s => s.Nodes).SelectMany(row => row)], (graphs.Nodes, Inputs)))
        {
            Edges = device.Tensor([.. samples.SelectMany(s => s.Features).SelectMany(row => row)], (graphs.Edges, EdgeInputs)),
            Labels = graphs.Label([.. samples.SelectMany(s => s.Labels)], LabelCount),
            Modes = samples.Any(s => s.Directed) ? null : device.Tensor([.. samples.SelectMany(s => s.Modes)], (graphs.Nodes, ModeCount)),
            Directed = samples.Any(s => s.Directed),
        };
    }

    private static float[][] Rows(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => Normal(random, Inputs))];

    private static float[] Normal(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())))];
}
