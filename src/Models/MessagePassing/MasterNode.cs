namespace GpuNets.Models;

/// <summary>
/// The master node of section 5: one latent node per graph, joined to all others by an edge type of its own; it has its own width and its own GRU,
/// starts at 0, and reads from and writes to every node at every step. Parameters <c>read.weight</c> [size, d_master] (what nodes receive),
/// <c>write.weight</c> [d_master, d], <c>update</c>.
/// </summary>
public sealed class MasterNode : Module
{
    private readonly Linear _read, _write;
    private readonly GruUpdate _update;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a node's state.</param>
    /// <param name="messages">Features of a node's message.</param>
    /// <param name="size">d_master.</param>
    /// <param name="bias">With biases in the GRU.</param>
    public MasterNode(Vars vars, int states, int messages, int size, bool bias = false) : base(vars)
    {
        Size = size;
        var options = new LinearOptions { Bias = false, WeightInitializer = Init.XavierUniform() };
        _read = new Linear(vars["read"], size, messages, options);
        _write = new Linear(vars["write"], states, size, options);
        _update = new GruUpdate(vars["update"], size, size, bias);
    }

    /// <summary>d_master.</summary>
    public int Size { get; }

    /// <summary>What every node receives, [nodes, size of a message].</summary>
    /// <param name="master">State of the master nodes, [graphs, d_master].</param>
    /// <param name="graphs">The graphs.</param>
    public Tensor Read(Tensor master, GraphBatch graphs) => _read.Forward(master).Spread(graphs.NodesByGraph);

    /// <summary>The state after a step, [graphs, d_master].</summary>
    /// <param name="master">The state before.</param>
    /// <param name="states">States of the nodes before the step, [nodes, d].</param>
    /// <param name="graphs">The graphs.</param>
    public Tensor Write(Tensor master, Tensor states, GraphBatch graphs) =>
        _update.Forward(master, _write.Forward(states.SegmentSum(graphs.NodesByGraph)));

    /// <inheritdoc/>
    protected override string Describe() => $"MasterNode({Size})";
}
