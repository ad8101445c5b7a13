namespace GpuNets;

/// <summary>y = f(x), elementwise, as a layer. A <see cref="Linear"/> layer applies its activation itself, at no extra cost.</summary>
/// <param name="vars">Its place in the tree; it has no parameters.</param>
/// <param name="activation">The function f.</param>
public sealed class ActivationLayer(Vars vars, Activation activation) : Layer(vars)
{
    /// <summary>Applies the function.</summary>
    /// <param name="x">Any shape.</param>
    /// <returns>The same shape.</returns>
    public override Tensor Forward(Tensor x) => activation switch
    {
        Activation.Identity => x,
        Activation.Relu => x.Relu(),
        Activation.Tanh => x.Tanh(),
        Activation.Sigmoid => x.Sigmoid(),
        Activation.Gelu => x.Gelu(),
        _ => throw new InvalidOperationException($"ActivationLayer: there is no activation {activation}."),
    };

    /// <inheritdoc/>
    protected override string Describe() => activation.ToString();
}
