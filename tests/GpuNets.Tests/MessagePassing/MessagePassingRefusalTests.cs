using GpuNets.Kernels;
using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>Settings and inputs that make no sense are refused with a message that names them.</summary>
public sealed class MessagePassingRefusalTests
{
    private static readonly MessagePassingOptions s_enn = SmallNetworks.All["enn-s2s"], s_gated = SmallNetworks.All["ggnn"];

    [Fact(Timeout = 60_000)]
    public async Task Options_are_checked()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        foreach (var (wrong, says) in new (MessagePassingOptions, string)[]
        {
            (s_enn with { Inputs = 0 }, "Inputs is 0 but must be at least 1"), (s_enn with { EdgeInputs = -1 }, "EdgeInputs is -1"), (s_enn with { Outputs = 0 }, "Outputs is 0"),
            (s_enn with { Steps = 0 }, "Steps is 0"), (s_enn with { Size = 0 }, "Size is 0"), (s_enn with { Towers = 0 }, "Towers is 0"), (s_enn with { MasterSize = -1 }, "MasterSize is -1"),
            (s_enn with { ProcessingSteps = 0 }, "ProcessingSteps is 0"), (s_enn with { ReadoutHidden = [4, 0] }, "ReadoutHidden has a layer of width 0"),
            (s_enn with { MessageHidden = [-1] }, "MessageHidden has a layer of width -1"), (s_enn with { Mixing = [0] }, "Mixing has a layer of width 0"),
            (s_enn with { Towers = 4 }, "Size is 6 and does not divide into 4 Towers"), (s_enn with { Inputs = 7 }, "Size is 6 but must be at least Inputs = 7"),
            (s_enn with { EdgeInputs = 0 }, "EdgeInputs is 0 but Message = EdgeNetwork"), (s_gated with { Labels = 0 }, "Labels is 0 but Message = Matrices"),
            (s_enn with { Message = MessageKind.Pair, MessageHidden = [] }, "MessageHidden is empty"), (s_enn with { Message = MessageKind.Factors, MessageHidden = [3, 4] }, "has 2 widths"),
            (s_enn with { Message = MessageKind.EdgeStates }, "TwoChannels must be false"),
            (s_enn with { Message = MessageKind.EdgeStates, EdgeSize = 1 }, "EdgeSize is 1 but must be at least EdgeInputs = 2"),
            (s_enn with { Update = UpdateKind.Sum }, "Update = Sum needs messages of the size of a state"), (s_enn with { MasterSize = 3, Steps = 1 }, "master node"),
            (s_enn with { Message = (MessageKind)99 }, "MessageKind has no value 99"), (s_enn with { Readout = (ReadoutKind)(-1) }, "ReadoutKind has no value -1"),
            (s_enn with { Update = (UpdateKind)50 }, "UpdateKind has no value 50"), (s_enn with { Energy = (SetEnergy)9 }, "SetEnergy has no value 9"),
            (s_enn with { EdgeOrder = (EdgeOrder)9 }, "EdgeOrder has no value 9"), (s_enn with { Start = (StateStart)9 }, "StateStart has no value 9"),
            (s_enn with { ReadoutActivation = (Activation)77 }, "Activation has no value 77"),
        })
        {
            var vars = new Vars(device);
            Assert.Contains(says, Assert.Throws<ArgumentException>(() => new MessagePassingNetwork(vars, wrong)).Message, StringComparison.Ordinal);
            Assert.Empty(vars.Parameters);
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Inputs_are_checked()
    {
        await Task.Yield();
        using var enn = new NetworkRun(s_enn);
        using var gated = new NetworkRun(s_gated);
        using var spectral = new NetworkRun(SmallNetworks.All["spectral"]);
        using var scope = enn.Device.Scope();
        using var other = gated.Device.Scope();
        using var third = spectral.Device.Scope();
        foreach (var (run, change, says) in new (NetworkRun, Func<Device, GraphInput, GraphInput>, string)[]
        {
            (enn, (d, x) => new(x.Graphs, d.Zeros((5, 4))) { Edges = x.Edges }, "features of nodes have shape [5, 4], expected [5, 3]"),
            (enn, (d, x) => new(x.Graphs, d.Zeros((4, 3))) { Edges = x.Edges }, "features of nodes have shape [4, 3], expected [5, 3]"),
            (enn, (d, x) => new(x.Graphs, x.Nodes), "the graphs have no features of edges, expected [10, 2]"),
            (enn, (d, x) => new(x.Graphs, x.Nodes) { Edges = d.Zeros((10, 3)) }, "features of edges have shape [10, 3], expected [10, 2]"),
            (enn, (d, x) => new(x.Graphs, x.Nodes) { Edges = d.Zeros((9, 2)) }, "features of edges have shape [9, 2], expected [10, 2]"),
            (gated, (d, x) => new(x.Graphs, x.Nodes), "the graphs have no labels of edges"),
            (gated, (d, x) => new(x.Graphs, x.Nodes) { Labels = x.Graphs.Label(new int[10], 4) }, "the edges have 4 labels, expected 3"),
            (gated, (d, x) => new(x.Graphs, x.Nodes) { Labels = GraphSample.On(d, GraphSample.Molecules[0]).Labels }, "the labels are those of other graphs"),
            (spectral, (d, x) => new(x.Graphs, x.Nodes), "the graphs have no modes, expected [5, 3]"),
            (spectral, (d, x) => new(x.Graphs, x.Nodes) { Modes = d.Zeros((5, 2)) }, "the graphs have modes [5, 2], expected [5, 3]"),
        })
        {
            var input = change(run.Device, GraphSample.On(run.Device, GraphSample.Molecules[0]));
            Assert.Contains(says, Assert.Throws<ShapeException>(() => run.Network.Forward(input)).Message, StringComparison.Ordinal);
        }
        var oneWay = Assert.Throws<ShapeException>(() => LaplacianModes.Of(new EdgeList(2, [0], [1]), 2));
        Assert.Contains("nodes 0 and 1 are joined 0 times one way and 1 times the other", oneWay.Message, StringComparison.Ordinal);
    }

    [Fact(Timeout = 60_000)]
    public async Task Pieces_of_ones_own_take_the_place_of_those_of_the_options()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var vars = new Vars(device, 3);
        var network = new MessagePassingNetwork(vars, s_enn, new MessagePassingPieces
        {
            Message = (v, step) => new NormalizedMessage(v, 6),
            Update = (v, step, size) => new LayerUpdate(v, 6, size, Activation.Relu, matrix: true),
            Readout = v => new SumReadout(v, 6, [5], 2, perNode: true),
        });
        using var twin = new NetworkRun(SmallNetworks.All["kipf-welling"] with { TieWeights = true, Steps = s_enn.Steps });
        Assert.Equal(twin.Vars.Parameters.Select(p => p.Path), vars.Parameters.Select(p => p.Path));
        foreach (var (own, its) in vars.Parameters.Zip(twin.Vars.Parameters)) own.CopyFrom(its.ToArray());
        using var scope = device.Scope();
        Assert.Equal(twin.Forward(GraphSample.Molecules).SelectMany(row => row), network.Forward(GraphSample.On(device, GraphSample.Molecules)).ToArray());
    }
}
