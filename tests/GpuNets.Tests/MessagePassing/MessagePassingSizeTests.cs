using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>Graphs of every size, batches of one and of thousands, and training steps on them.</summary>
public sealed class MessagePassingSizeTests
{
    public static TheoryData<string> Names => [.. SmallNetworks.All.Keys];

    [Theory(Timeout = 120_000), MemberData(nameof(Names))]
    public async Task Graphs_without_edges_train(string name)
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All[name]);
        foreach (var samples in new GraphSample[][] { [GraphSample.Undirected(1, 1)], [GraphSample.Undirected(3, 2), GraphSample.Undirected(1, 3)] })
        {
            using var tape = run.Device.Record();
            var y = run.Network.Forward(GraphSample.On(run.Device, samples));
            Assert.All(y.ToArray(), value => Assert.True(float.IsFinite(value)));
            tape.Backward(y.Square().Sum());
            foreach (var parameter in run.Vars.Parameters)
            {
                Assert.True(parameter.HasGradient, $"{parameter.Path} got no gradient");
                Assert.All(parameter.Gradient!.ToArray(), value => Assert.True(float.IsFinite(value)));
                parameter.ClearGradient();
            }
        }
    }

    [Theory(Timeout = 300_000), InlineData("enn-s2s"), InlineData("ggnn, towers and master"), InlineData("fingerprints"), InlineData("deep tensor"), InlineData("kipf-welling")]
    public async Task A_graph_of_10_000_atoms(string name)
    {
        await Task.Yield();
        const int atoms = 10_000;
        using var run = new NetworkRun(SmallNetworks.All[name] with { EdgeOrder = EdgeOrder.Automatic });
        // A chain with a ring at every tenth atom.
        var large = GraphSample.Undirected(
            atoms, 9, [.. Enumerable.Range(1, atoms - 1).Select(i => (i - 1, i)), .. Enumerable.Range(0, atoms / 10 - 1).Select(i => (10 * i, 10 * i + 5))]);
        using var scope = run.Device.Scope();
        var input = Bonds(run.Device, large);
        float[] first = run.Network.Forward(input).ToArray(), again = run.Network.Forward(Bonds(run.Device, large)).ToArray();
        Assert.All(first, value => Assert.True(float.IsFinite(value)));
        Assert.Equal(first, again);
    }

    [Theory(Timeout = 300_000), InlineData("enn-s2s"), InlineData("ggnn, towers and master"), InlineData("graph convolutions")]
    public async Task A_batch_of_one_and_of_4096(string name)
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All[name]);
        GraphSample[] many = [.. Enumerable.Range(0, 4096).Select(i => GraphSample.Molecules[i % GraphSample.Molecules.Length])];
        float[][] together = run.Forward(many);
        for (int i = 0; i < GraphSample.Molecules.Length; i++)
        {
            float[] alone = run.Forward(GraphSample.Molecules[i])[0];
            foreach (int place in new[] { i, 4090 / 5 * 5 - 5 + i })
                for (int k = 0; k < alone.Length; k++) Assert.Equal(alone[k], together[place][k], 1e-5f * Math.Max(1, Math.Abs(alone[k])));
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task A_graph_without_nodes_counts_as_nothing()
    {
        await Task.Yield();
        foreach (string name in new[] { "enn-s2s", "ggnn, master", "interaction network", "fingerprints" })
        {
            using var run = new NetworkRun(SmallNetworks.All[name]);
            var none = GraphSample.Undirected(0, 1);
            float[][] with = run.Forward(GraphSample.Molecules[0], none, GraphSample.Molecules[4]), without = run.Forward(GraphSample.Molecules[0], GraphSample.Molecules[4]);
            Assert.All(with[1], value => Assert.True(float.IsFinite(value)));
            for (int k = 0; k < with[0].Length; k++)
            {
                Assert.Equal(without[0][k], with[0][k], 1e-5f * Math.Max(1, Math.Abs(with[0][k])));
                Assert.Equal(without[1][k], with[2][k], 1e-5f * Math.Max(1, Math.Abs(with[2][k])));
            }
        }
    }

    [Theory(Timeout = 300_000), MemberData(nameof(Names))]
    public async Task Fits_a_batch_and_the_second_step_allocates_nothing(string name)
    {
        await Task.Yield();
        using var run = new NetworkRun(SmallNetworks.All[name] with { Size = 12, ReadoutHidden = [24] }, seed: 1);
        var adam = new Adam(run.Vars.Parameters, 1e-2f);
        var targets = new float[] { 1, -1, 0.5f, 0, -0.5f, 0.3f, 0.2f, -0.8f, 0, 1 };
        double first = 0, last = 0;
        long allocated = 0;
        for (int step = 0; step < 250; step++)
        {
            using var tape = run.Device.Record();
            var loss = run.Network.Forward(GraphSample.On(run.Device, GraphSample.Molecules)).MeanSquaredError(run.Device.Tensor(targets, (5, 2)));
            tape.Backward(loss);
            adam.Step();
            last = loss.Item();
            if (step == 0) first = last;
            if (step == 1) allocated = run.Device.Memory.DeviceAllocations;
        }
        Assert.Equal(allocated, run.Device.Memory.DeviceAllocations);
        Assert.True(last < 0.25 * first, $"the loss fell from {first} to {last} only");
    }

    private static GraphInput Bonds(Device device, GraphSample sample)
    {
        var graphs = device.Graphs(sample.Edges);
        return new GraphInput(graphs, device.Tensor([.. sample.Nodes.SelectMany(row => row)], (graphs.Nodes, GraphSample.Inputs)))
        {
            Edges = device.Tensor([.. sample.Features.SelectMany(row => row)], (graphs.Edges, GraphSample.EdgeInputs)),
            Labels = graphs.Label(sample.Labels, GraphSample.LabelCount),
        };
    }
}
