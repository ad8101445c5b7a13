using GpuNets.Models;

namespace GpuNets.Tests.Modules;

/// <summary>A case for every module of the library, at least.</summary>
internal static class ModuleCatalogue
{
    private const int Time = 3;

    private static VggFrontEndOptions ThinFront => new() { Classes = 3, Width = 1.0 / 16, HiddenWidth = 12, InnerPadding = true, Dropout = 0.2f };

    public static IReadOnlyList<ModuleCase> All { get; } =
    [
        ModuleCase.Of("linear", v => new Linear(v, 5, 7), (m, b) => m.Forward(b.Normal(5))),
        ModuleCase.Of("linear without bias, with activation", v => new Linear(v, 33, 3, bias: false, activation: Activation.Tanh), (m, b) => m.Forward(b.Normal(2, 33))),
        ModuleCase.Of("embedding", v => new Embedding(v, 4, 6), (m, b) => m.Forward(b.Indices(4, 5))),
        ModuleCase.Of("embedding with padding", v => new Embedding(v, 4, 6, paddingIndex: 1), (m, b) => m.Forward(b.Indices(4, 5))),
        ModuleCase.Of("layer norm", v => new LayerNorm(v, 9), (m, b) => m.Forward(b.Normal(2, 9))),
        ModuleCase.Of("layer norm over two axes, no bias", v => new LayerNorm(v, (2, 9), new LayerNormOptions { Bias = false }), (m, b) => m.Forward(b.Normal(2, 9))),
        ModuleCase.Of("pair sum", v => new PairSum(v, 3, options: new PairSumOptions { Widths = [9, 5] }), (m, b) => m.Forward(b.Normal(4, 3))),
        ModuleCase.Of(
            "pair sum with a question, unordered", v => new PairSum(v, 3, 2, new PairSumOptions { Widths = [9], Unordered = true, Self = false, Mean = true }),
            (m, b) => m.Forward(b.Normal(4, 3), b.Normal(2))),
        ModuleCase.Of("batch norm 1d", v => new BatchNorm1d(v, 6), (m, b) => m.Forward(b.Normal(6))),
        ModuleCase.Of("batch norm 1d, sequences, cumulative, relu", v => new BatchNorm1d(v, 4, new BatchNormOptions { Momentum = null, Relu = true }), (m, b) => m.Forward(b.Normal(4, 20))),
        ModuleCase.Of("batch norm 2d", v => new BatchNorm2d(v, 4), (m, b) => m.Forward(b.Normal(4, 5, 3))),
        ModuleCase.Of("group norm", v => new GroupNorm(v, 2, 6), (m, b) => m.Forward(b.Normal(6, 5, 4))),
        ModuleCase.Of("dropout", v => new Dropout(v, 0.3f), (m, b) => m.Forward(b.Normal(40))),
        .. Enum.GetValues<Activation>().Select(f => ModuleCase.Of($"activation {f}", v => new ActivationLayer(v, f), (m, b) => m.Forward(b.Normal(5)))),
        ModuleCase.Of("sequential", v => new Sequential(v,
                v => new Linear(v, 6, 8), v => new ActivationLayer(v, Activation.Gelu), v => new Dropout(v, 0.1f), v => new LayerNorm(v, 8), v => new Linear(v, 8, 2)),
            (m, b) => m.Forward(b.Normal(6))),
        ModuleCase.Of("sequential, empty", v => new Sequential(v), (m, b) => m.Forward(b.Normal(6))),
        ModuleCase.Of("conv 1d", v => new Conv1d(v, 3, 5, 3, new Conv1dOptions { Padding = (2, 0), Dilation = 1 }), (m, b) => m.Forward(b.Normal(3, 7))),
        ModuleCase.Of("conv 2d", v => new Conv2d(v, 3, 5, 3, new Conv2dOptions { Padding = 1, Activation = Activation.Relu }), (m, b) => m.Forward(b.Normal(3, 5, 6))),
        ModuleCase.Of(
            "conv 2d with weight norm, groups and steps",
            v => new Conv2d(v, 4, 6, (3, 1), new Conv2dOptions { Stride = 2, Groups = 2, WeightNorm = new(), Bias = false }), (m, b) => m.Forward(b.Normal(4, 7, 6))),
        ModuleCase.Of("conv transpose 1d", v => new ConvTranspose1d(v, 3, 4, 3, new ConvTranspose1dOptions { Stride = 2, OutputPadding = 1 }), (m, b) => m.Forward(b.Normal(3, 5))),
        ModuleCase.Of(
            "conv transpose 2d with weight norm", v => new ConvTranspose2d(v, 3, 4, 4, new ConvTranspose2dOptions { Stride = 2, Padding = 1, WeightNorm = new() }),
            (m, b) => m.Forward(b.Normal(3, 4, 4))),
        ModuleCase.Of("masked conv 2d", v => new MaskedConv2d(v, 4, 6, 3, new MaskedConv2dOptions { WeightNorm = new() }), (m, b) => m.Forward(b.Normal(4, 5, 6))),
        ModuleCase.Of("lstm", v => new Lstm(v, 4, 5, new LstmOptions { Layers = 2, Bidirectional = true }), (m, b) => m.Forward(b.Sequence(Time, 4)).Output, batchAxis: 1),
        ModuleCase.Of("gru", v => new Gru(v, 4, 5, new GruOptions { Layers = 2 }), (m, b) => m.Forward(b.Sequence(Time, 4)).Output, batchAxis: 1),
        ModuleCase.Of("lstm cell", v => new LstmCell(v, 4, 5), (m, b) => Twice(b.Normal(4), m)),
        ModuleCase.Of(
            "neural turing machine", v => new NeuralTuringMachine(v, new NtmOptions { Inputs = 4, Outputs = 3, MemoryRows = 9, MemoryColumns = 5, ControllerWidth = 6 }),
            (m, b) => m.Forward(b.Sequence(Time, 4)), batchAxis: 1),
        ModuleCase.Of("lstm baseline", v => new LstmBaseline(v, 4, 5, 3), (m, b) => m.Forward(b.Sequence(Time, 4)), batchAxis: 1),
        ModuleCase.Of("context module", v => new ContextModule(v, ContextOptions.Dilation7(3) with { Sigma = 0.1 }), (m, b) => m.Forward(b.Normal(3, 6, 7))),
        ModuleCase.Of(
            "context module, large, padded by reflection",
            v => new ContextModule(v, new ContextOptions { Classes = 2, Kind = ContextKind.Large, Dilations = [1, 2, 1], Padding = ContextPadding.InputReflection }),
            (m, b) => m.Forward(b.Normal(2, 5, 6))),
        ModuleCase.Of("vgg front end", v => new VggFrontEnd(v, ThinFront), (m, b) => m.Forward(b.Normal(3, 16, 24))),
        ModuleCase.Of(
            "dilated network",
            v => new DilatedNetwork(v, new DilatedNetworkOptions
            {
                Front = ThinFront with { Pooling = VggPooling.Dense },
                Context = new ContextOptions { Classes = 3, Dilations = [1, 2, 1], Sigma = 0.1, Truncation = false },
                Upsampling = ScoreUpsampling.Transposed,
                LearnUpsampling = true,
            }),
            (m, b) => m.Forward(b.Normal(3, 16, 24))),
        ModuleCase.Of("small front end", v => new SmallFrontEnd(v, 3, 4), (m, b) => m.Forward(b.Normal(3, 7, 6))),
        ModuleCase.Of("multi-head attention", v => new MultiHeadAttention(v, 6, 2), (m, b) => m.Forward(b.Normal(4, 6), options: new AttentionOptions { Causal = CausalMask.FromStart })),
        ModuleCase.Of("multi-head attention, other sizes",
            v => new MultiHeadAttention(v, 6, 2, new MultiHeadAttentionOptions { KeyInputs = 4, ValueInputs = 5, HeadSize = 2, HeadValueSize = 7, Dropout = 0.1f }),
            (m, b) => m.Forward(b.Normal(3, 6), b.Normal(4, 4), b.Normal(4, 5))),
        ModuleCase.Of("multi-head attention, separate projections",
            v => new MultiHeadAttention(v, 6, 2, new MultiHeadAttentionOptions { KeyInputs = 4, HeadSize = 2, Separate = true }),
            (m, b) => m.Forward(b.Normal(3, 6), b.Normal(4, 4), b.Normal(4, 6))),
        ModuleCase.Of("multi-head attention to another sequence", v => new MultiHeadAttention(v, 6, 3), (m, b) => m.Forward(b.Normal(3, 6), b.Normal(5, 6))),
        ModuleCase.Of("additive attention", v => new AdditiveAttention(v, 4, 6, 5, new AdditiveAttentionOptions { Bias = true }),
            (m, b) => m.Forward(b.Normal(4), m.Prepare(b.Normal(7, 6)), b.Normal(7, 6)).Context),
        ModuleCase.Of("crf-rnn", v => new CrfRnn(v, 4), (m, b) => m.Forward(b.Normal(4, 5, 6), b.Normal(3, 5, 6))),
        ModuleCase.Of(
            "crf-rnn, exact, weights per class, Potts",
            v => new CrfRnn(v, 3, new CrfRnnOptions { Weights = CrfWeights.PerClass, Compatibility = false, Iterations = 3, Kernels = new CrfKernels { ThetaAlpha = 2, ThetaBeta = 1, ThetaGamma = 1, Exact = true } }),
            (m, b) => m.Forward(b.Normal(3, 4, 4), b.Normal(2, 4, 4))),
        ModuleCase.Of("gru cell", v => new GruCell(v, 4, 5), (m, b) => m.Forward(b.Normal(4), m.Forward(b.Normal(4)))),
    ];

    public static TheoryData<string> Names() => [.. All.Select(c => c.Name)];

    public static ModuleCase Get(string name) => All.Single(c => c.Name == name);

    private static Tensor Twice(Tensor x, LstmCell cell)
    {
        var state = cell.Forward(x, cell.Forward(x));
        return Tensor.Concatenate(1, state.Hidden, state.Cell);
    }
}
