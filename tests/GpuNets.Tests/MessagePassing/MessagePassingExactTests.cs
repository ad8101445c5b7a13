using GpuNets.Kernels;
using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>What holds exactly: order of nodes and edges, other graphs of a batch, special cases of one model that are another.</summary>
public sealed class MessagePassingExactTests
{
    private const float Tolerance = 1e-5f;

    public static TheoryData<string> Names => [.. SmallNetworks.All.Keys];

    [Theory(Timeout = 120_000), MemberData(nameof(Names))]
    public async Task The_order_of_nodes_and_edges_does_not_matter(string name)
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All[name]);
        var random = new Random(11);
        // Modes of equal eigenvalues are not unique: of all molecules here, the ring and isolated atoms have some. A path has none.
        GraphSample[] samples = run.Network.Options.Message == MessageKind.Spectral ? [GraphSample.Undirected(4, 3, (0, 1), (1, 2), (2, 3))] : GraphSample.Molecules;
        float[][] expected = run.Forward(samples);
        for (int trial = 0; trial < 3; trial++) AssertClose(expected, run.Forward([.. samples.Select(sample => sample.Permuted(random))]));
    }

    [Theory(Timeout = 120_000), MemberData(nameof(Names))]
    public async Task Graphs_of_a_batch_do_not_see_each_other(string name)
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All[name]);
        float[][] together = run.Forward(GraphSample.Molecules), reversed = run.Forward([.. GraphSample.Molecules.Reverse()]);
        AssertClose(together, [.. GraphSample.Molecules.Select(sample => run.Forward(sample)[0])]);
        AssertClose(together, [.. reversed.Reverse()]);
        Assert.Contains(together[0], value => Math.Abs(value - together[1][0]) > 1e-3);   // molecules that differ give values that differ
    }

    [Fact(Timeout = 60_000)]
    public async Task Kipf_and_Welling_is_the_dense_formula()
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All["kipf-welling"]);
        foreach (var sample in GraphSample.Molecules)
        {
            using var scope = run.Device.Scope();
            var input = GraphSample.On(run.Device, sample);
            int n = sample.Edges.Nodes;
            // A~ = A + I, and D^-1/2 A~ D^-1/2 as one dense matrix.
            float[] dense = new float[n * n];
            for (int i = 0; i < n; i++) dense[i * n + i] = 1;
            for (int e = 0; e < sample.Labels.Length; e++) dense[sample.Edges.Targets[e] * n + sample.Edges.Sources[e]] = 1;
            double[] degrees = [.. Enumerable.Range(0, n).Select(i => dense.Skip(i * n).Take(n).Sum(v => (double)v))];
            for (int i = 0; i < n * n; i++) dense[i] = (float)(dense[i] / Math.Sqrt(degrees[i / n] * degrees[i % n]));
            var a = run.Device.Tensor(dense, (n, n));
            var h = input.Nodes.Pad(1, 0, run.Network.Options.Size - GraphSample.Inputs);
            var states = run.Network.States(input);
            for (int t = 0; t < run.Network.Options.Steps; t++)
            {
                var weight = run.Vars.Parameters.Single(p => p.Path == $"steps.{t}.update.w.weight");
                h = a.MatMul(h).MatMul(weight, transposeOther: true).Relu();
                AssertClose([h.ToArray()], [states[t + 1].ToArray()]);
            }
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task One_tower_that_mixes_by_the_identity_is_the_plain_model()
    {
        await Task.Yield();
        var options = SmallNetworks.All["ggnn"];
        using var plain = new NetworkRun(options);
        using var tower = new NetworkRun(options with { Mixing = [] });
        var mixing = tower.Vars.Parameters.Where(p => p.Path.Contains("mixing", StringComparison.Ordinal)).ToArray();
        Assert.Equal(["step.mixing.0.weight", "step.mixing.0.bias"], mixing.Select(p => p.Path));
        using (tower.Device.Scope()) mixing[0].CopyFrom(tower.Device.Eye(options.Size));
        mixing[1].CopyFrom(new float[options.Size]);
        foreach (var parameter in plain.Vars.Parameters) tower.Vars.Parameters.Single(p => p.Path == parameter.Path).CopyFrom(parameter.ToArray());
        AssertClose(plain.Forward(GraphSample.Molecules), tower.Forward(GraphSample.Molecules));
    }

    [Theory(Timeout = 60_000), InlineData(EdgeOrder.Moments), InlineData(EdgeOrder.Matrices)]
    public async Task An_edge_network_that_looks_labels_up_is_a_matrix_per_label(EdgeOrder order)
    {
        await Task.Yield();
        var options = SmallNetworks.All["ggnn"];
        int d = options.Size, labels = options.Labels;
        using var matrices = new NetworkRun(options);
        using var network = new NetworkRun(options with { Message = MessageKind.EdgeNetwork, EdgeInputs = labels, Labels = 0, MessageHidden = [], EdgeOrder = order });
        foreach (var parameter in matrices.Vars.Parameters)
        {
            float[] values = parameter.ToArray();
            if (!parameter.Path.EndsWith(".matrices", StringComparison.Ordinal))
            {
                network.Vars.Parameters.Single(p => p.Path == parameter.Path).CopyFrom(values);
                continue;
            }
            // W e of a one-hot e is a column of W: [d * d, labels].
            string path = parameter.Path[..^".matrices".Length];
            float[] columns = new float[values.Length];
            for (int label = 0; label < labels; label++)
                for (int i = 0; i < d * d; i++) columns[i * labels + label] = values[label * d * d + i];
            network.Vars.Parameters.Single(p => p.Path == $"{path}.0.weight").CopyFrom(columns);
            network.Vars.Parameters.Single(p => p.Path == $"{path}.0.bias").CopyFrom(new float[d * d]);
        }
        GraphSample[] hot = [.. GraphSample.Molecules];
        using var scope = network.Device.Scope();
        var input = GraphSample.On(network.Device, hot);
        int[] kinds = [.. hot.SelectMany(sample => sample.Labels)];
        float[] features = new float[kinds.Length * labels];
        for (int e = 0; e < kinds.Length; e++) features[e * labels + kinds[e]] = 1;
        var oneHot = new GraphInput(input.Graphs, input.Nodes) { Edges = network.Device.Tensor(features, (kinds.Length, labels)) };
        AssertClose(matrices.Forward(hot), [.. network.Network.Forward(oneHot).ToArray().Chunk(options.Outputs)]);
    }

    [Fact(Timeout = 60_000)]
    public async Task Both_orders_of_the_edge_network_agree_and_the_fused_one_holds_no_matrix_per_edge()
    {
        await Task.Yield();
        const int atoms = 40, d = 32, width = 8;
        var options = MessagePassingOptions.EdgeNetworkSetToSet(GraphSample.Inputs, GraphSample.EdgeInputs) with
        {
            Size = d,
            Steps = 2,
            MessageHidden = [width],
            ProcessingSteps = 2,
        };
        (int, int)[] all = [.. from a in Enumerable.Range(0, atoms) from b in Enumerable.Range(0, a) select (a, b)];
        var sample = GraphSample.Undirected(atoms, 5, all);
        long matrix = 4L * d * d * sample.Labels.Length;
        var results = new Dictionary<EdgeOrder, (float Value, long Peak)>();
        foreach (var order in new[] { EdgeOrder.Moments, EdgeOrder.Matrices })
        {
            using var run = new NetworkRun(options with { EdgeOrder = order });
            using (var tape = run.Device.Record())
            {
                var y = run.Network.Forward(GraphSample.On(run.Device, sample));
                tape.Backward(y.Sum());
                results[order] = (y.ToArray()[0], 0);
            }
            results[order] = (results[order].Value, run.Device.Memory.PeakBytes);
        }
        Assert.Equal(results[EdgeOrder.Matrices].Value, results[EdgeOrder.Moments].Value, 1e-4f * Math.Abs(results[EdgeOrder.Matrices].Value));
        Assert.True(results[EdgeOrder.Matrices].Peak > 2 * matrix, "two channels of matrices are held in the other order");
        Assert.True(results[EdgeOrder.Moments].Peak < matrix, $"peak {results[EdgeOrder.Moments].Peak:N0} bytes, one matrix per edge takes {matrix:N0}");
    }

    [Fact(Timeout = 60_000)]
    public async Task Modes_of_the_Laplacian_are_orthonormal_and_diagonalise_it()
    {
        await Task.Yield();
        var sample = GraphSample.Molecules[0];
        int n = sample.Edges.Nodes;
        float[] modes = LaplacianModes.Of(sample.Edges, n);
        double[] degrees = new double[n];
        foreach (int target in sample.Edges.Targets) degrees[target]++;
        double before = -1;
        for (int k = 0; k < n; k++)
        {
            double[] laplacian = [.. Enumerable.Range(0, n).Select(i => (double)modes[i * n + k])];
            for (int e = 0; e < sample.Labels.Length; e++)
            {
                int source = sample.Edges.Sources[e], target = sample.Edges.Targets[e];
                laplacian[target] -= modes[source * n + k] / Math.Sqrt(degrees[source] * degrees[target]);
            }
            double value = Enumerable.Range(0, n).Sum(i => laplacian[i] * modes[i * n + k]);
            Assert.True(value >= before - 1e-6 && value >= -1e-6 && value <= 2 + 1e-6, $"eigenvalue {value} after {before}");
            before = value;
            for (int i = 0; i < n; i++) Assert.Equal(value * modes[i * n + k], laplacian[i], 1e-5);
            for (int other = 0; other < n; other++)
                Assert.Equal(other == k ? 1 : 0, Enumerable.Range(0, n).Sum(i => (double)modes[i * n + k] * modes[i * n + other]), 1e-5);
        }
        float[] padded = LaplacianModes.Of(new EdgeList(2, [0, 1], [1, 0]), 4);
        Assert.Equal([0f, 0, 0, 0], new[] { padded[2], padded[3], padded[6], padded[7] });
    }

    private static void AssertClose(float[][] expected, float[][] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int g = 0; g < expected.Length; g++)
        {
            Assert.Equal(expected[g].Length, actual[g].Length);
            for (int i = 0; i < expected[g].Length; i++) Assert.Equal(expected[g][i], actual[g][i], Tolerance * Math.Max(1, Math.Abs(expected[g][i])));
        }
    }
}
