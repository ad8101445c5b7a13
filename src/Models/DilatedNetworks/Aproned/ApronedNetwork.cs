namespace GpuNets.Models;

/// <summary>The small front end, frozen, with a context module behind it. Parameters: those of the parts under <c>front</c> and <c>context</c>.</summary>
public sealed class ApronedNetwork : Layer
{
    /// <summary>Makes the parts.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="context">The context module.</param>
    /// <exception cref="ArgumentException">A setting of the module makes no sense.</exception>
    public ApronedNetwork(Vars vars, ContextOptions context) : base(vars)
    {
        Front = new SmallFrontEnd(vars["front"], context.Classes);
        foreach (var parameter in Front.Parameters) parameter.Freeze();
        Context = new ContextModule(vars["context"], context);
    }

    /// <summary>The front end; its parameters are frozen.</summary>
    public SmallFrontEnd Front { get; }

    /// <summary>The context module.</summary>
    public ContextModule Context { get; }

    /// <summary>Scores of pixels.</summary>
    /// <param name="x">Images [N, 3, height, width].</param>
    /// <returns>[N, classes, height, width].</returns>
    /// <exception cref="ShapeException">The images have another number of axes or channels.</exception>
    public override Tensor Forward(Tensor x) => Context.Forward(Front.Forward(x));

    /// <inheritdoc/>
    protected override string Describe() => "ApronedNetwork";
}
