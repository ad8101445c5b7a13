namespace GpuNets.Models;

/// <summary>
/// Layers y = f(W x + b) with one activation between them; parameters <c>0.weight</c>, <c>0.bias</c>, <c>1.weight</c>, ... Weights start as
/// Glorot and Bengio have them, biases at 0.
/// </summary>
public sealed class Perceptron : Layer
{
    private readonly Linear[] _layers;
    private readonly string _text;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="inputs">Features that come in.</param>
    /// <param name="hidden">Widths between; none for a single layer.</param>
    /// <param name="outputs">Features that come out.</param>
    /// <param name="activation">The function of the layers between.</param>
    /// <param name="last">The function of the last layer.</param>
    /// <param name="lastGain">Factor on the last layer's first weights.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public Perceptron(
        Vars vars, int inputs, IReadOnlyList<int> hidden, int outputs, Activation activation = Activation.Relu, Activation last = Activation.Identity,
        double lastGain = 1) : base(vars)
    {
        int[] widths = [inputs, .. hidden, outputs];
        _layers = new Linear[widths.Length - 1];
        for (int l = 0; l < _layers.Length; l++)
        {
            _layers[l] = new Linear(vars[l], widths[l], widths[l + 1], new LinearOptions
            {
                Activation = l + 1 < _layers.Length ? activation : last,
                WeightInitializer = Init.XavierUniform(l + 1 < _layers.Length ? 1 : lastGain),
                BiasInitializer = Init.Zeros,
            });
        }
        _text = string.Join(" -> ", widths);
    }

    /// <summary>The layers, first to last.</summary>
    public IReadOnlyList<Linear> Layers => _layers;

    /// <summary>Applies the layers to rows.</summary>
    /// <param name="x">[rows, inputs].</param>
    /// <returns>[rows, outputs].</returns>
    /// <exception cref="ShapeException">The input has another width.</exception>
    public override Tensor Forward(Tensor x)
    {
        foreach (var layer in _layers) x = layer.Forward(x);
        return x;
    }

    /// <summary>All layers but the last.</summary>
    internal Tensor Hidden(Tensor x)
    {
        foreach (var layer in _layers.AsSpan()[..^1]) x = layer.Forward(x);
        return x;
    }

    /// <inheritdoc/>
    protected override string Describe() => $"Perceptron({_text})";
}
