using GpuNets.Models;

namespace GpuNets.Tests.MessagePassing;

/// <summary>Every preset and every variant, at sizes for a reference of single numbers.</summary>
internal static class SmallNetworks
{
    private const int Inputs = GraphSample.Inputs, EdgeInputs = GraphSample.EdgeInputs, Labels = GraphSample.LabelCount;

    private static readonly MessagePassingOptions s_enn = Small(MessagePassingOptions.EdgeNetworkSetToSet(Inputs, EdgeInputs, 2)) with { Steps = 3, ProcessingSteps = 3 };
    private static readonly MessagePassingOptions s_gated = Small(MessagePassingOptions.GatedGraph(Inputs, Labels, 2)) with { Steps = 3 };
    private static readonly MessagePassingOptions s_interaction = Small(MessagePassingOptions.InteractionNetwork(Inputs, EdgeInputs, 2));

    public static IReadOnlyDictionary<string, MessagePassingOptions> All { get; } = new Dictionary<string, MessagePassingOptions>
    {
        ["enn-s2s"] = s_enn with { EdgeOrder = EdgeOrder.Moments },
        ["enn-s2s, matrices first"] = s_enn with { EdgeOrder = EdgeOrder.Matrices },
        ["enn-s2s, dot energies, released candidate"] = s_enn with { Energy = SetEnergy.Dot, ReleasedCandidate = true },
        ["enn-s2s, untied, biases"] = s_enn with { TieWeights = false, UpdateBias = true },
        ["enn-s2s, one channel, no bias, no hidden layer"] = s_enn with { TwoChannels = false, MessageBias = false, MessageHidden = [] },
        ["enn-s2s, one channel with a bias"] = s_enn with { TwoChannels = false, Start = StateStart.Layer },
        ["ggnn"] = s_gated,
        ["ggnn, no bias, PyTorch's unit"] = s_gated with { MessageBias = false, Update = UpdateKind.GruCell },
        ["ggnn, PyTorch's unit with biases"] = s_gated with { Update = UpdateKind.GruCell, UpdateBias = true },
        ["ggnn, master"] = s_gated with { MasterSize = 4 },
        ["ggnn, towers and master"] = s_gated with { Towers = 2, Mixing = [5], MasterSize = 3, UpdateBias = true },
        ["ggnn, towers, one matrix mixes"] = s_gated with { Towers = 3, Mixing = [], TieWeights = false },
        ["enn, towers without mixing"] = s_enn with { Towers = 2, Readout = ReadoutKind.GatedSum },
        ["pair, set2set"] = s_enn with { Message = MessageKind.Pair, MessageHidden = [5] },
        ["pair without edges"] = s_interaction with { EdgeInputs = 0, Steps = 2 },
        ["fingerprints"] = Small(MessagePassingOptions.Fingerprints(Inputs, EdgeInputs, 2)) with { Steps = 2, ReadoutSize = 4, LargestDegree = 2 },
        ["interaction network"] = s_interaction,
        ["graph convolutions"] = Small(MessagePassingOptions.GraphConvolutions(Inputs, EdgeInputs, 2)) with { EdgeSize = 4, ReadoutSize = 3 },
        ["graph convolutions, tied"] = Small(MessagePassingOptions.GraphConvolutions(Inputs, EdgeInputs, 2)) with { EdgeSize = 2, ReadoutSize = 3, TieWeights = true, Steps = 3 },
        ["deep tensor"] = Small(MessagePassingOptions.DeepTensor(Inputs, EdgeInputs, 2)) with { Steps = 2 },
        ["spectral"] = Small(MessagePassingOptions.Spectral(Inputs, GraphSample.ModeCount, 2)),
        ["chebyshev"] = Small(MessagePassingOptions.Chebyshev(Inputs, 4, 2)),
        ["chebyshev of order 1"] = Small(MessagePassingOptions.Chebyshev(Inputs, 1, 2)) with { UpdateActivation = Activation.Sigmoid },
        ["kipf-welling"] = Small(MessagePassingOptions.KipfWelling(Inputs, 2)),
    };

    private static MessagePassingOptions Small(MessagePassingOptions options) => options with
    {
        Size = 6,
        MessageHidden = options.MessageHidden.Count == 0 ? [] : options.MessageHidden.Count == 1 ? [5] : [5, 4],
        UpdateHidden = [5],
        ReadoutHidden = [5],
    };
}
