namespace GpuNets;

/// <summary>A module that maps one tensor to one tensor, so that it can stand in a <see cref="Sequential"/>.</summary>
/// <param name="vars">Where its parameters go.</param>
public abstract class Layer(Vars vars) : Module(vars)
{
    /// <summary>Applies the layer.</summary>
    /// <param name="x">The input; the layer says of which shape.</param>
    /// <exception cref="ShapeException">The input does not fit.</exception>
    public abstract Tensor Forward(Tensor x);
}
