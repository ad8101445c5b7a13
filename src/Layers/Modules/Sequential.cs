using System.Collections;

namespace GpuNets;

/// <summary>
/// Layers one after the other; layer k is made at the path <c>k</c>, as in PyTorch:
/// <c>new Sequential(vars, v => new Linear(v, 784, 128), v => new ActivationLayer(v, Activation.Relu))</c>.
/// </summary>
public sealed class Sequential : Layer, IReadOnlyList<Layer>
{
    private readonly Layer[] _layers;

    /// <summary>Makes the layers in order.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="layers">Makes one layer each, given the cursor of its path.</param>
    public Sequential(Vars vars, params ReadOnlySpan<Func<Vars, Layer>> layers) : base(vars)
    {
        _layers = new Layer[layers.Length];
        for (int k = 0; k < layers.Length; k++) _layers[k] = layers[k](vars[k]);
    }

    /// <summary>Number of layers.</summary>
    public int Count => _layers.Length;

    /// <summary>A layer by position.</summary>
    public Layer this[int index] => _layers[index];

    /// <summary>Applies all layers; x itself if there are none.</summary>
    /// <param name="x">Input of the first layer.</param>
    /// <returns>Output of the last layer.</returns>
    public override Tensor Forward(Tensor x)
    {
        foreach (var layer in _layers) x = layer.Forward(x);
        return x;
    }

    /// <inheritdoc/>
    public IEnumerator<Layer> GetEnumerator() => ((IEnumerable<Layer>)_layers).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    protected override string Describe() => $"Sequential({_layers.Length} layers)";
}
