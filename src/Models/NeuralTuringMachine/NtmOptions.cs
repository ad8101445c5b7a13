using System.Text.Json.Serialization;

namespace GpuNets.Models;

/// <summary>Sizes and arithmetic of a <see cref="NeuralTuringMachine"/>. The defaults are the paper's copy task.</summary>
public sealed record NtmOptions
{
    /// <summary>Width of the input x.</summary>
    public int Inputs { get; init; } = 9;

    /// <summary>Width of the output.</summary>
    public int Outputs { get; init; } = 8;

    /// <summary>N: rows of the memory.</summary>
    public int MemoryRows { get; init; } = 128;

    /// <summary>M: values per row.</summary>
    public int MemoryColumns { get; init; } = 20;

    /// <summary>R: read heads.</summary>
    public int ReadHeads { get; init; } = 1;

    /// <summary>W: write heads.</summary>
    public int WriteHeads { get; init; } = 1;

    /// <summary>Shifts reach from -ShiftRange to +ShiftRange.</summary>
    public int ShiftRange { get; init; } = 1;

    /// <summary>The controller.</summary>
    public NtmController Controller { get; init; } = NtmController.Lstm;

    /// <summary>C: width of a controller layer.</summary>
    public int ControllerWidth { get; init; } = 100;

    /// <summary>Controller layers.</summary>
    public int ControllerLayers { get; init; } = 1;

    /// <summary>Activation of feed-forward layers: tanh or ReLU.</summary>
    public HeadActivation LayerActivation { get; init; } = HeadActivation.Tanh;

    /// <summary>How heads find their place.</summary>
    public NtmAddressing Addressing { get; init; } = NtmAddressing.ContentAndLocation;

    /// <summary>Whether weightings are sharpened (raised to gamma).</summary>
    public bool Sharpening { get; init; } = true;

    /// <summary>How the heads take turns.</summary>
    public NtmHeadOrder HeadOrder { get; init; } = NtmHeadOrder.ReadsFirst;

    /// <summary>How several write heads change the memory.</summary>
    public NtmWriteMode WriteMode { get; init; } = NtmWriteMode.AllErasesFirst;

    /// <summary>Activation of the key k.</summary>
    public HeadActivation Key { get; init; } = HeadActivation.Tanh;

    /// <summary>Activation of the key strength beta: softplus or ReLU.</summary>
    public HeadActivation Beta { get; init; } = HeadActivation.Softplus;

    /// <summary>f of gamma = 1 + f(x): softplus or ReLU.</summary>
    public HeadActivation Gamma { get; init; } = HeadActivation.Softplus;

    /// <summary>Applied to the logits of the shift weighting before their softmax: identity or ReLU.</summary>
    public HeadActivation ShiftLogits { get; init; } = HeadActivation.Identity;

    /// <summary>Activation of the erase vector e.</summary>
    public HeadActivation Erase { get; init; } = HeadActivation.Sigmoid;

    /// <summary>Activation of the add vector a.</summary>
    public HeadActivation Add { get; init; } = HeadActivation.Tanh;

    /// <summary>Form of the cosine.</summary>
    public NtmCosine Cosine { get; init; } = NtmCosine.AddedEpsilon;

    /// <summary>Head parameters are clipped to +-HeadClip before their activations; null for no clipping.</summary>
    public float? HeadClip { get; init; }

    /// <summary>Logits are clipped to +-LogitClip; null for no clipping.</summary>
    public float? LogitClip { get; init; }

    /// <summary>The memory before the first step.</summary>
    public NtmMemoryInit MemoryInit { get; init; } = NtmMemoryInit.Constant;

    /// <summary>The read vectors before the first step.</summary>
    public NtmReadInit ReadInit { get; init; } = NtmReadInit.Learned;

    /// <summary>The weightings before the first step.</summary>
    public NtmWeightingInit WeightingInit { get; init; } = NtmWeightingInit.FirstRow;

    /// <summary>The controller's state before the first step; a feed-forward controller has none.</summary>
    public NtmControllerInit ControllerInit { get; init; } = NtmControllerInit.Learned;

    /// <summary>Initial values of the weights.</summary>
    public NtmWeightInit WeightInit { get; init; } = NtmWeightInit.PyTorchNtm;

    /// <summary>How a sequence is run.</summary>
    public NtmForm Form { get; init; } = NtmForm.Persistent;

    /// <summary>H: heads of both kinds.</summary>
    [JsonIgnore]
    public int Heads => ReadHeads + WriteHeads;

    /// <summary>Parameters of a read head: k, beta [, g, s [, gamma]].</summary>
    [JsonIgnore]
    public int ReadHeadWidth => MemoryColumns + 1 + (Addressing == NtmAddressing.ContentOnly ? 0 : 2 + 2 * ShiftRange + (Sharpening ? 1 : 0));

    /// <summary>Parameters of a write head: those of a read head, e and a.</summary>
    [JsonIgnore]
    public int WriteHeadWidth => ReadHeadWidth + 2 * MemoryColumns;

    /// <summary>
    /// The paper's setting: 128 x 20 memory, LSTM controller of 100 units. Where it differs or the paper is silent: constant memory, as
    /// Collier and Beel found best, and weightings that start on the first row, which lets the machine discover its tape within some
    /// thousand updates (learned ones, near uniform at first, had not after 50,000).
    /// </summary>
    /// <param name="inputs">Width of the task's input.</param>
    /// <param name="outputs">Width of the task's output.</param>
    public static NtmOptions Paper(int inputs, int outputs) => new() { Inputs = inputs, Outputs = outputs };

    /// <summary>Collier and Beel 2018: head parameters and logits clipped to +-20, LSTM state from 0.</summary>
    /// <inheritdoc cref="Paper"/>
    public static NtmOptions CollierBeel(int inputs, int outputs) => new()
    {
        Inputs = inputs,
        Outputs = outputs,
        HeadClip = 20,
        LogitClip = 20,
        WriteMode = NtmWriteMode.PerHead,
        WeightingInit = NtmWeightingInit.Learned,
        ControllerInit = NtmControllerInit.Zeros,
        WeightInit = NtmWeightInit.CollierBeel,
    };

    /// <summary>The arithmetic of the published pytorch-ntm checkpoints: ReLU everywhere, weightings from 0, heads in turns.</summary>
    /// <inheritdoc cref="Paper"/>
    public static NtmOptions PyTorchNtm(int inputs, int outputs) => new()
    {
        Inputs = inputs,
        Outputs = outputs,
        HeadOrder = NtmHeadOrder.Alternate,
        WriteMode = NtmWriteMode.PerHead,
        Key = HeadActivation.Relu,
        Beta = HeadActivation.Relu,
        Gamma = HeadActivation.Relu,
        ShiftLogits = HeadActivation.Relu,
        Erase = HeadActivation.Relu,
        Add = HeadActivation.Relu,
        Cosine = NtmCosine.Floored,
        MemoryInit = NtmMemoryInit.Learned,
        ReadInit = NtmReadInit.LearnedDirectly,
        WeightingInit = NtmWeightingInit.Zeros,
    };

    /// <summary>A machine that learns in minutes: 16 x 8 memory, feed-forward controller of 32 units.</summary>
    /// <inheritdoc cref="Paper"/>
    public static NtmOptions Quick(int inputs, int outputs) => new()
    {
        Inputs = inputs,
        Outputs = outputs,
        MemoryRows = 16,
        MemoryColumns = 8,
        Controller = NtmController.FeedForward,
        ControllerWidth = 32,
        WeightingInit = NtmWeightingInit.Learned,   // on 16 rows this start learned with each of five seeds, the first row with two of three
    };

    /// <summary>Refuses settings that make no sense.</summary>
    /// <exception cref="ArgumentException">A setting is out of range or does not fit another; the message names both.</exception>
    public void Validate()
    {
        foreach (var (name, value) in new[]
        {
            (nameof(Inputs), Inputs), (nameof(Outputs), Outputs), (nameof(MemoryRows), MemoryRows), (nameof(MemoryColumns), MemoryColumns),
            (nameof(ReadHeads), ReadHeads), (nameof(WriteHeads), WriteHeads), (nameof(ControllerWidth), ControllerWidth),
            (nameof(ControllerLayers), ControllerLayers),
        })
        {
            if (value < 1) throw new ArgumentException($"{name} is {value} but must be at least 1.");
        }
        if (ShiftRange < 0 || 2 * ShiftRange + 1 > MemoryRows)
            throw new ArgumentException($"ShiftRange is {ShiftRange}: its {2 * ShiftRange + 1} shifts must fit MemoryRows = {MemoryRows}.");
        if (HeadClip is not null and not > 0) throw new ArgumentException($"HeadClip is {HeadClip} but must be above 0, or null for no clipping.");
        if (LogitClip is not null and not > 0) throw new ArgumentException($"LogitClip is {LogitClip} but must be above 0, or null for no clipping.");
        if (WriteMode == NtmWriteMode.AllErasesFirst && HeadOrder == NtmHeadOrder.Alternate && WriteHeads > 1)
            throw new ArgumentException("HeadOrder = Alternate lets write heads write one after the other: it needs WriteMode = PerHead.");
        Allow(nameof(LayerActivation), LayerActivation, HeadActivation.Tanh, HeadActivation.Relu);
        Allow(nameof(Beta), Beta, HeadActivation.Softplus, HeadActivation.Relu);
        Allow(nameof(Gamma), Gamma, HeadActivation.Softplus, HeadActivation.Relu);
        Allow(nameof(ShiftLogits), ShiftLogits, HeadActivation.Identity, HeadActivation.Relu);
        Allow(nameof(Key), Key, HeadActivation.Tanh, HeadActivation.Identity, HeadActivation.Relu);
        Allow(nameof(Erase), Erase, HeadActivation.Sigmoid, HeadActivation.Relu);
        Allow(nameof(Add), Add, HeadActivation.Tanh, HeadActivation.Identity, HeadActivation.Relu);
    }

    private static void Allow(string name, HeadActivation value, params ReadOnlySpan<HeadActivation> allowed)
    {
        if (!allowed.Contains(value)) throw new ArgumentException($"{name} is {value} but must be {string.Join(" or ", allowed.ToArray())}.");
    }
}
