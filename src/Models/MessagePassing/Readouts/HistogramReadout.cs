namespace GpuNets.Models;

/// <summary>
/// Fuzzy histograms (molecular graph convolutions, Kearnes et al. 2016): every value of g_v = tanh(W h_v^T + b) belongs to 11 Gaussian bins in shares
/// that add up to 1; their sums over nodes, [graphs, size * 11], go through a perceptron. Parameters <c>dense</c>, <c>output</c>.
/// </summary>
public sealed class HistogramReadout : Module, IReadout
{
    // Bins of equal weight under the standard normal distribution.
    private static readonly float[] s_centres = [-1.645f, -1.080f, -0.739f, -0.468f, -0.228f, 0f, 0.228f, 0.468f, 0.739f, 1.080f, 1.645f];
    private static readonly float[] s_deviations = [0.283f, 0.170f, 0.134f, 0.118f, 0.114f, 0.114f, 0.114f, 0.118f, 0.134f, 0.170f, 0.283f];
    private readonly Linear _dense;
    private readonly Perceptron _output;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="states">d: features of a state.</param>
    /// <param name="size">Features of g.</param>
    /// <param name="hidden">Widths of the hidden layers after the histogram.</param>
    /// <param name="outputs">Values per graph.</param>
    /// <param name="activation">The function of the hidden layers.</param>
    public HistogramReadout(Vars vars, int states, int size, IReadOnlyList<int> hidden, int outputs, Activation activation = Activation.Relu)
        : base(vars)
    {
        _dense = new Linear(vars["dense"], states, size, new LinearOptions { Activation = Activation.Tanh, WeightInitializer = Init.XavierUniform(), BiasInitializer = Init.Zeros });
        _output = new Perceptron(vars["output"], checked(size * s_centres.Length), hidden, outputs, activation);
    }

    /// <summary>Centres of the bins.</summary>
    public static IReadOnlyList<float> Centres => s_centres;

    /// <summary>Standard deviations of the bins.</summary>
    public static IReadOnlyList<float> Deviations => s_deviations;

    /// <inheritdoc/>
    public Tensor Forward(IReadOnlyList<Tensor> states, GraphInput input)
    {
        var device = input.Graphs.Device;
        // Shares exp(-z^2 / 2) over their sum are a softmax, which holds where all of them underflow.
        var z = (_dense.Forward(states[^1]).Unsqueeze(2) - device.Tensor(s_centres)) / device.Tensor(s_deviations);   // [nodes, size, 11]
        var shares = (z.Square() * -0.5f).Softmax();
        return _output.Forward(shares.SegmentSum(input.Graphs.NodesByGraph).Flatten(1));
    }

    /// <inheritdoc/>
    protected override string Describe() => $"HistogramReadout({_dense.Weight.Shape[1]} -> {_dense.Weight.Shape[0]} x {s_centres.Length})";
}
