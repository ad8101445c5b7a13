using GpuNets.Models;

namespace GpuNets.GpuBenchmarks;

/// <summary>
/// Training of enn-s2s on molecules as complete graphs, with weights that both sides make of their names; <c>message_passing.py</c> has the same. The batch
/// lies on the device before the first step, as PyTorch's does.
/// </summary>
internal sealed class MessagePassingWork(Device device, IReadOnlyDictionary<string, int> sizes)
{
    /// <summary>A step of training: gradients of the mean squared error, and Adam.</summary>
    public Work Training()
    {
        var network = new MessagePassingNetwork(new Vars(device, seed: 1), Options());
        // Glorot and Bengio's scale, and small features of edges: with larger matrices A(e) the steps are chaotic, and sums in another order give another
        // loss.
        foreach (var parameter in network.Parameters) parameter.Assign(Numbers.Of(parameter, shape => MathF.Sqrt(24f / (shape[0] + shape[1]))));
        int molecules = sizes["batch"];
        var graphs = device.Graphs([.. Enumerable.Repeat(Complete(sizes["atoms"]), molecules)]);
        var input = new GraphInput(graphs, Input(1, graphs.Nodes, network.Options.Inputs)) { Edges = Input(2, graphs.Edges, network.Options.EdgeInputs, scale: 1) };
        var values = Input(3, molecules, 1);
        return new Work(device, _ => network.Forward(input).MeanSquaredError(values), [], [.. network.Parameters])
        {
            Optimizer = new Adam(network.Parameters, learningRate: 1.3e-4f),
            ProbesParameters = true,
        };
    }

    // "example": what PyTorch Geometric's example on QM9 has (a layer before the first step, one channel, PyTorch's GRU with biases, energies that are
    // products), but sums of messages instead of means and no weights of the node itself; else the model as released.
    private MessagePassingOptions Options()
    {
        var options = MessagePassingOptions.EdgeNetworkSetToSet() with
        {
            Size = sizes["size"],
            Steps = sizes["steps"],
            ProcessingSteps = sizes["reads"],
            MessageHidden = [.. Enumerable.Repeat(sizes["width"], sizes["layers"])],
            EdgeOrder = sizes["moments"] != 0 ? EdgeOrder.Moments : EdgeOrder.Matrices,
        };
        return sizes["example"] == 0 ? options : options with
        {
            Start = StateStart.Layer,
            TwoChannels = false,
            Update = UpdateKind.GruCell,
            UpdateBias = true,
            Energy = SetEnergy.Dot,
            ReadoutHidden = [sizes["size"]],
        };
    }

    private static EdgeList Complete(int atoms)
    {
        var pairs = Enumerable.Range(0, atoms * atoms).Select(i => (Source: i / atoms, Target: i % atoms)).Where(pair => pair.Source != pair.Target).ToArray();
        return new EdgeList(atoms, [.. pairs.Select(pair => pair.Source)], [.. pairs.Select(pair => pair.Target)]);
    }

    private Tensor Input(uint seed, int rows, int columns, float scale = 3.5f) => device.Tensor(Numbers.Uniform(rows * columns, seed, scale), (rows, columns));
}
