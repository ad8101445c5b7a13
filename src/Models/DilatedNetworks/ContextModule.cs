namespace GpuNets.Models;

/// <summary>
/// Context module (Yu and Koltun 2016, arXiv 1511.07122, section 3): 3x3 convolutions of growing dilation and a 1x1 convolution, from C score
/// maps to C better ones of the same size. F_(i+1) = max(F_i *_l k_i + b_i, 0), without max in the last layer; the truncation is part of the
/// launch of its convolution. Parameters: <c>conv1_1.weight</c>, <c>conv1_1.bias</c>, ..., <c>fc1</c>, <c>final</c>.
/// </summary>
public sealed class ContextModule : Layer
{
    private readonly Conv2d[] _layers;

    /// <summary>Makes the layers.</summary>
    /// <param name="vars">Where their parameters go.</param>
    /// <param name="options">Layers, padding and first weights; null for Dilation8 Basic of 21 classes.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public ContextModule(Vars vars, ContextOptions? options = null) : base(vars)
    {
        Options = options ?? new ContextOptions();
        Options.Validate();
        _layers = [.. ContextLayer.Of(Options).Select((layer, i) => Make(vars[layer.Name], layer, i))];
    }

    /// <summary>Layers, padding and first weights.</summary>
    public ContextOptions Options { get; }

    /// <summary>Cells along an axis that an output sees.</summary>
    public int ReceptiveField => Options.ReceptiveField;

    /// <summary>Applies the module.</summary>
    /// <param name="x">Scores [N, C, height, width].</param>
    /// <returns>Scores of the same shape.</returns>
    /// <exception cref="ShapeException">The scores have another number of axes or channels.</exception>
    public override Tensor Forward(Tensor x)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] != Options.Classes)
            throw new ShapeException("ContextModule", $"takes scores [N, {Options.Classes}, height, width], got {x.Shape}.");
        int radius = ReceptiveField / 2;
        if (Options.Padding == ContextPadding.InputReflection)
            x = x.Pad([(0, 0), (0, 0), (radius, radius), (radius, radius)], PadMode.Reflect);
        foreach (var layer in _layers) x = layer.Forward(x);
        return x;
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"ContextModule({Options.Classes} classes, {Options.Kind}, dilations {string.Join(' ', Options.Dilations)}, {Options.Padding}, sees {ReceptiveField} cells)";

    private Conv2d Make(Vars vars, ContextLayer layer, int index) => new(vars, layer.Inputs, layer.Outputs, layer.Kernel, new Conv2dOptions
    {
        Dilation = layer.Dilation,
        Padding = Options.Padding switch
        {
            ContextPadding.PerLayer => layer.Dilation * (layer.Kernel / 2),
            ContextPadding.InputZeros when index == 0 => ReceptiveField / 2,
            _ => 0,
        },
        Activation = Options.Truncation && layer.Kernel > 1 ? Activation.Relu : Activation.Identity,
        WeightInitializer = Options.Initialization switch
        {
            ContextInitialization.Identity => ContextLayer.Identity(Options.Classes, Sigma()),
            ContextInitialization.Xavier => Init.XavierUniform(),
            _ => Init.Normal(Options.GaussianDeviation),
        },
        BiasInitializer = Init.Zeros,
    });

    private double Sigma() => Options.Sigma ?? (ContextLayer.Of(Options).All(layer => layer.Outputs == Options.Classes) ? 0 : 0.01);
}
