namespace GpuNets.Models;

/// <summary>
/// Front end (Yu and Koltun 2016, arXiv 1511.07122, section 4): VGG-16 (Simonyan and Zisserman 2015) as a network for dense prediction. In the
/// paper's form pool4 and pool5 are gone, the convolutions behind them are dilated by 2 and 4 instead, and nothing pads: S x S pixels give
/// (S - 372) / 8 cells in each direction. Parameters: <c>conv1_1.weight</c> to <c>conv5_3.bias</c>, <c>fc6</c>, <c>fc7</c>, <c>final</c>.
/// </summary>
public sealed class VggFrontEnd : Layer
{
    private readonly (VggStep Step, Conv2d? Convolution, Dropout? Dropout)[] _steps;

    /// <summary>
    /// Makes the layers. First weights are those for training from scratch (He et al. 2015), biases 0; those of final are normal with deviation
    /// 0.001 as in the released networks. <see cref="TorchvisionVgg"/> and <see cref="ReleasedDilation"/> put trained ones in place.
    /// </summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="options">Sizes and variants; null for the paper's network.</param>
    /// <exception cref="ArgumentException">A setting makes no sense.</exception>
    public VggFrontEnd(Vars vars, VggFrontEndOptions? options = null) : base(vars)
    {
        Options = options ?? new VggFrontEndOptions();
        Options.Validate();
        Geometry = Options.Geometry;
        _steps = [.. VggStep.Of(Options).Select(step => (step, step.IsPool ? null : Make(vars[step.Name], step), DropoutBehind(vars, step)))];
    }

    /// <summary>Sizes and variants.</summary>
    public VggFrontEndOptions Options { get; }

    /// <summary>Where the cells lie on the input.</summary>
    public VggGeometry Geometry { get; }

    /// <summary>Scores of an image's cells.</summary>
    /// <param name="x">Images [N, 3, height, width] with their margins, colours as the options say, mean subtracted.</param>
    /// <returns>[N, classes, height', width'], the sizes as <see cref="VggGeometry.OutputSize"/> has them.</returns>
    /// <exception cref="ShapeException">The images have no three channels or are too small for a cell.</exception>
    public override Tensor Forward(Tensor x) => Forward(x, dropout: true);

    /// <summary>The same, perhaps without dropout although a tape is open: for a front end that is not trained.</summary>
    internal Tensor Forward(Tensor x, bool dropout)
    {
        if (x.Shape.Rank != 4 || x.Shape[1] != 3) throw new ShapeException("VggFrontEnd", $"takes images [N, 3, height, width], got {x.Shape}.");
        int least = Geometry.SmallestInput;
        if (Math.Min(x.Shape[2], x.Shape[3]) < least)
            throw new ShapeException("VggFrontEnd", $"images {x.Shape} are too small: a cell needs {least} pixels in each direction, margins of {Geometry.Margin} included.");
        foreach (var (step, convolution, drop) in _steps)
        {
            x = convolution is not null ? convolution.Forward(x) : Pool(x, step);
            if (drop is not null && dropout) x = drop.Forward(x);
        }
        return x;
    }

    /// <inheritdoc/>
    protected override string Describe() =>
        $"VggFrontEnd({Options.Classes} classes, width {Options.Width}, pool4 and pool5 {Options.Pooling}{(Options.InnerPadding ? ", padded" : "")}, {Geometry})";

    private static Conv2d Make(Vars vars, VggStep step)
    {
        bool isLast = step.Name == "final";
        return new Conv2d(vars, step.Inputs, step.Outputs, step.Kernel, new Conv2dOptions
        {
            Dilation = step.Dilation,
            Padding = step.Before,
            Activation = isLast ? Activation.Identity : Activation.Relu,
            WeightInitializer = isLast ? Init.Normal(0.001) : Init.KaimingNormal(),
            BiasInitializer = Init.Zeros,
        });
    }

    private Dropout? DropoutBehind(Vars vars, VggStep step) =>
        Options.Dropout > 0 && step.Name is ("fc6" or "fc7") ? new Dropout(vars[$"{step.Name}_drop"], Options.Dropout) : null;

    private static Tensor Pool(Tensor x, VggStep step)
    {
        // What is pooled is at least 0, so that zeros never win.
        if (step.After > 0) x = x.Pad(2, 0, step.After).Pad(3, 0, step.After);
        return x.MaxPool2d(step.Kernel, step.Stride, dilation: step.Dilation, ceil: true);
    }
}
