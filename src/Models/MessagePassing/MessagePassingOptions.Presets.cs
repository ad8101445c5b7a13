namespace GpuNets.Models;

/// <content>Named models.</content>
public sealed partial record MessagePassingOptions
{
    /// <summary>
    /// enn-s2s as released: d 50, T 6, an edge network of four layers of 50, two channels, set2set of 12 steps, 200 hidden units.
    /// </summary>
    /// <param name="inputs">Features of a node.</param>
    /// <param name="edgeInputs">Features of an edge: its distance and its kind.</param>
    /// <param name="outputs">Values per graph.</param>
    public static MessagePassingOptions EdgeNetworkSetToSet(int inputs = 13, int edgeInputs = 5, int outputs = 1) =>
        new() { Inputs = inputs, EdgeInputs = edgeInputs, Outputs = outputs };

    /// <summary>Gated graph networks (Li et al. 2016) as the paper's baseline: a matrix per kind of edge, two channels, GRU, gated sum.</summary>
    /// <param name="inputs">Features of a node.</param>
    /// <param name="labels">Kinds of edges.</param>
    /// <param name="outputs">Values per graph.</param>
    public static MessagePassingOptions GatedGraph(int inputs = 13, int labels = 4, int outputs = 1) => new()
    {
        Inputs = inputs,
        EdgeInputs = 0,
        Labels = labels,
        Outputs = outputs,
        Message = MessageKind.Matrices,
        Readout = ReadoutKind.GatedSum,
    };

    /// <summary>Gated graph networks in eight towers with a mixing network, d 200.</summary>
    /// <inheritdoc cref="GatedGraph"/>
    public static MessagePassingOptions GatedGraphTowers(int inputs = 13, int labels = 14, int outputs = 1) =>
        GatedGraph(inputs, labels, outputs) with { Size = 200, Towers = 8, Mixing = [200] };

    /// <summary>Molecular fingerprints (Duvenaud et al. 2015).</summary>
    /// <inheritdoc cref="EdgeNetworkSetToSet"/>
    public static MessagePassingOptions Fingerprints(int inputs = 13, int edgeInputs = 4, int outputs = 1) => Plain(inputs, edgeInputs, outputs) with
    {
        Steps = 4,
        TieWeights = false,
        Message = MessageKind.Concatenation,
        Update = UpdateKind.Degree,
        Readout = ReadoutKind.LayerSoftmax,
        ReadoutHidden = [100],
    };

    /// <summary>Interaction networks (Battaglia et al. 2016), one step as originally.</summary>
    /// <inheritdoc cref="EdgeNetworkSetToSet"/>
    public static MessagePassingOptions InteractionNetwork(int inputs = 13, int edgeInputs = 4, int outputs = 1) => Plain(inputs, edgeInputs, outputs) with
    {
        Steps = 1,
        Message = MessageKind.Pair,
        MessageHidden = [150, 150],
        Update = UpdateKind.Network,
        UpdateHidden = [100],
        Readout = ReadoutKind.Sum,
        ReadoutHidden = [100],
    };

    /// <summary>Molecular graph convolutions (Kearnes et al. 2016): two weave modules, fuzzy histograms.</summary>
    /// <inheritdoc cref="EdgeNetworkSetToSet"/>
    public static MessagePassingOptions GraphConvolutions(int inputs = 13, int edgeInputs = 5, int outputs = 1) => Plain(inputs, edgeInputs, outputs) with
    {
        Steps = 2,
        TieWeights = false,
        Message = MessageKind.EdgeStates,
        EdgeSize = 50,
        Update = UpdateKind.Weave,
        Readout = ReadoutKind.Histogram,
    };

    /// <summary>Deep tensor networks (Schuett et al. 2017): factors of 60, d 30, three steps.</summary>
    /// <inheritdoc cref="EdgeNetworkSetToSet"/>
    public static MessagePassingOptions DeepTensor(int inputs = 13, int edgeInputs = 5, int outputs = 1) => Plain(inputs, edgeInputs, outputs) with
    {
        Size = 30,
        Steps = 3,
        Message = MessageKind.Factors,
        MessageHidden = [60],
        Update = UpdateKind.Sum,
        Readout = ReadoutKind.NodeSum,
        ReadoutHidden = [15],
        ReadoutActivation = Activation.Tanh,
    };

    /// <summary>Filters over the spectrum of the Laplacian (Bruna et al. 2013); needs <see cref="GraphInput.Modes"/>.</summary>
    /// <param name="inputs">Features of a node.</param>
    /// <param name="modes">Modes of the spectrum.</param>
    /// <param name="outputs">Values per graph.</param>
    public static MessagePassingOptions Spectral(int inputs = 13, int modes = 9, int outputs = 1) => Plain(inputs, 0, outputs) with
    {
        Steps = 2,
        TieWeights = false,
        Message = MessageKind.Spectral,
        SpectralOrder = modes,
        Update = UpdateKind.Activation,
        Readout = ReadoutKind.NodeSum,
    };

    /// <summary>Chebyshev polynomials of the Laplacian (Defferrard et al. 2016).</summary>
    /// <param name="inputs">Features of a node.</param>
    /// <param name="order">Number of polynomials.</param>
    /// <param name="outputs">Values per graph.</param>
    public static MessagePassingOptions Chebyshev(int inputs = 13, int order = 5, int outputs = 1) => Spectral(inputs, order, outputs) with { Message = MessageKind.Chebyshev };

    /// <summary>Graph convolutional networks (Kipf and Welling 2016).</summary>
    /// <param name="inputs">Features of a node.</param>
    /// <param name="outputs">Values per graph.</param>
    public static MessagePassingOptions KipfWelling(int inputs = 13, int outputs = 1) => Plain(inputs, 0, outputs) with
    {
        Steps = 2,
        TieWeights = false,
        Message = MessageKind.Normalized,
        Update = UpdateKind.Layer,
        Readout = ReadoutKind.NodeSum,
    };

    // Models before the paper have one channel and no bias on messages.
    private static MessagePassingOptions Plain(int inputs, int edgeInputs, int outputs) =>
        new() { Inputs = inputs, EdgeInputs = edgeInputs, Outputs = outputs, TwoChannels = false, MessageBias = false };
}
