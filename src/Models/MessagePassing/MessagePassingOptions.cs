using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Sizes and pieces of a <see cref="MessagePassingNetwork"/>. The defaults are the authors' enn-s2s.</summary>
public sealed partial record MessagePassingOptions
{
    /// <summary>Features x of a node.</summary>
    public int Inputs { get; init; } = 13;

    /// <summary>Features e of an edge; 0 for none.</summary>
    public int EdgeInputs { get; init; } = 5;

    /// <summary>Kinds of edges; 0 for none.</summary>
    public int Labels { get; init; }

    /// <summary>Values per graph.</summary>
    public int Outputs { get; init; } = 1;

    /// <summary>d: features of a state.</summary>
    public int Size { get; init; } = 50;

    /// <summary>T: steps of message passing.</summary>
    public int Steps { get; init; } = 6;

    /// <summary>All steps share their weights.</summary>
    public bool TieWeights { get; init; } = true;

    /// <summary>h^0.</summary>
    public StateStart Start { get; init; } = StateStart.Padded;

    /// <summary>M.</summary>
    public MessageKind Message { get; init; } = MessageKind.EdgeNetwork;

    /// <summary>Separate messages along and against the edges, side by side.</summary>
    public bool TwoChannels { get; init; } = true;

    /// <summary>A bias on the messages of all channels.</summary>
    public bool MessageBias { get; init; } = true;

    /// <summary>
    /// Factor on the first weights that make messages of <see cref="MessageKind.Matrices"/> and <see cref="MessageKind.EdgeNetwork"/>. A state is the sum over all
    /// neighbours: on a complete graph with distances as features messages of Glorot's weights drive the update into saturation.
    /// </summary>
    public double MessageGain { get; init; } = 1;

    /// <summary>Hidden layers of the edge network or the pair network; the width of <see cref="MessageKind.Factors"/>.</summary>
    public IReadOnlyList<int> MessageHidden { get; init; } = [50, 50, 50, 50];

    /// <summary>Order of evaluation of the edge network.</summary>
    public EdgeOrder EdgeOrder { get; init; } = EdgeOrder.Automatic;

    /// <summary>Features of an edge's state (<see cref="MessageKind.EdgeStates"/>).</summary>
    public int EdgeSize { get; init; } = 14;

    /// <summary>Modes of the spectrum, or number of polynomials of the Laplacian.</summary>
    public int SpectralOrder { get; init; } = 5;

    /// <summary>U.</summary>
    public UpdateKind Update { get; init; } = UpdateKind.Gru;

    /// <summary>Biases in gated recurrent units.</summary>
    public bool UpdateBias { get; init; }

    /// <summary>f of <see cref="UpdateKind.Layer"/> and <see cref="UpdateKind.Activation"/>.</summary>
    public Activation UpdateActivation { get; init; } = Activation.Relu;

    /// <summary>Hidden layers of <see cref="UpdateKind.Network"/>.</summary>
    public IReadOnlyList<int> UpdateHidden { get; init; } = [100];

    /// <summary>Largest number of neighbours with a matrix of its own (<see cref="UpdateKind.Degree"/>).</summary>
    public int LargestDegree { get; init; } = 5;

    /// <summary>d_master: features of the master node; 0 for no such node.</summary>
    public int MasterSize { get; init; }

    /// <summary>k: towers.</summary>
    public int Towers { get; init; } = 1;

    /// <summary>Hidden ReLU layers of the network g that mixes the towers; null for no mixing, none for one matrix.</summary>
    public IReadOnlyList<int>? Mixing { get; init; }

    /// <summary>R.</summary>
    public ReadoutKind Readout { get; init; } = ReadoutKind.SetToSet;

    /// <summary>Hidden layers of the readout's networks.</summary>
    public IReadOnlyList<int> ReadoutHidden { get; init; } = [200];

    /// <summary>Their function.</summary>
    public Activation ReadoutActivation { get; init; } = Activation.Relu;

    /// <summary>Length of a fingerprint, or features that a histogram is made of.</summary>
    public int ReadoutSize { get; init; } = 50;

    /// <summary>M: steps of set2set.</summary>
    public int ProcessingSteps { get; init; } = 12;

    /// <summary>How set2set scores nodes.</summary>
    public SetEnergy Energy { get; init; } = SetEnergy.Additive;

    /// <summary>The candidate of set2set's LSTM is tanh(s(.)), as in the released code.</summary>
    public bool ReleasedCandidate { get; init; }

    /// <summary>Features of a tower's state.</summary>
    [JsonIgnore]
    public int TowerSize => Size / Towers;

    /// <summary>Features of a message function of one channel.</summary>
    [JsonIgnore]
    internal int ChannelSize => Message switch
    {
        MessageKind.EdgeStates => EdgeSize,
        MessageKind.Concatenation => TowerSize + EdgeInputs,
        _ => TowerSize,
    };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names both.</exception>
    public void Validate()
    {
        foreach (var (name, value, least) in new[]
        {
            (nameof(Inputs), Inputs, 1), (nameof(EdgeInputs), EdgeInputs, 0), (nameof(Labels), Labels, 0), (nameof(Outputs), Outputs, 1), (nameof(Size), Size, 1),
            (nameof(Steps), Steps, 1), (nameof(EdgeSize), EdgeSize, 1), (nameof(SpectralOrder), SpectralOrder, 1), (nameof(LargestDegree), LargestDegree, 0),
            (nameof(MasterSize), MasterSize, 0), (nameof(Towers), Towers, 1), (nameof(ReadoutSize), ReadoutSize, 1), (nameof(ProcessingSteps), ProcessingSteps, 1),
        })
        {
            if (value < least) throw new ArgumentException($"{name} is {value} but must be at least {least}.");
        }
        foreach (var (name, widths) in new[]
        {
            (nameof(MessageHidden), MessageHidden), (nameof(UpdateHidden), UpdateHidden), (nameof(Mixing), Mixing ?? []), (nameof(ReadoutHidden), ReadoutHidden),
        })
        {
            foreach (int width in widths)
                if (width < 1) throw new ArgumentException($"{name} has a layer of width {width}, but a layer has at least 1.");
        }
        if (!(MessageGain > 0 && double.IsFinite(MessageGain))) throw new ArgumentException($"MessageGain is {MessageGain} but must be above 0.");
        Defined(Start);
        Defined(Message);
        Defined(EdgeOrder);
        Defined(Update);
        Defined(UpdateActivation);
        Defined(Readout);
        Defined(ReadoutActivation);
        Defined(Energy);
        if (Size % Towers != 0) throw new ArgumentException($"Size is {Size} and does not divide into {Towers} Towers.");
        if (Start == StateStart.Padded && Inputs > Size) throw new ArgumentException($"Size is {Size} but must be at least Inputs = {Inputs}, which are padded to it; or Start = Layer.");
        if (Message == MessageKind.Matrices && Labels < 1) throw new ArgumentException($"Labels is {Labels} but Message = Matrices needs at least 1.");
        if (Message is MessageKind.EdgeNetwork or MessageKind.Factors or MessageKind.Concatenation or MessageKind.EdgeStates && EdgeInputs < 1)
            throw new ArgumentException($"EdgeInputs is {EdgeInputs} but Message = {Message} needs at least 1.");
        if (Message is MessageKind.Pair or MessageKind.Factors && MessageHidden.Count < 1) throw new ArgumentException($"MessageHidden is empty but Message = {Message} needs a width.");
        if (Message == MessageKind.Factors && MessageHidden.Count > 1) throw new ArgumentException($"MessageHidden has {MessageHidden.Count} widths but Message = Factors has one.");
        if (Message == MessageKind.EdgeStates && EdgeInputs > EdgeSize) throw new ArgumentException($"EdgeSize is {EdgeSize} but must be at least EdgeInputs = {EdgeInputs}.");
        if (Message == MessageKind.EdgeStates && (TwoChannels || Towers > 1)) throw new ArgumentException("Message = EdgeStates has one set of edges: TwoChannels must be false and Towers 1.");
        if (Update is UpdateKind.Sum or UpdateKind.Activation && (TwoChannels || ChannelSize != TowerSize))
            throw new ArgumentException($"Update = {Update} needs messages of the size of a state: TwoChannels must be false, and Message neither Concatenation nor EdgeStates.");
        if (MasterSize > 0 && Steps < 2) throw new ArgumentException($"Steps is {Steps} but a master node, which starts at 0, needs at least 2.");
    }

    private static void Defined<T>(T value) where T : struct, Enum
    {
        if (!Enum.IsDefined(value)) throw new ArgumentException($"{typeof(T).Name} has no value {value}.");
    }
}
