namespace GpuNets.Models;

/// <summary>
/// Front end of the aproned objects: two 3x3 convolutions with ReLU and a 1x1 convolution, maps of the image's size. It sees 5 x 5 pixels.
/// Parameters: <c>conv1</c>, <c>conv2</c>, <c>final</c>.
/// </summary>
public sealed class SmallFrontEnd : Layer
{
    private readonly Conv2d _first, _second, _final;

    /// <summary>Makes the layers with PyTorch's first weights.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="classes">Channels of the result.</param>
    /// <param name="width">Channels in between.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1.</exception>
    public SmallFrontEnd(Vars vars, int classes, int width = 16) : base(vars)
    {
        var options = new Conv2dOptions { Padding = 1, Activation = Activation.Relu };
        _first = new Conv2d(vars["conv1"], 3, width, 3, options);
        _second = new Conv2d(vars["conv2"], width, width, 3, options);
        _final = new Conv2d(vars["final"], width, classes, 1);
    }

    /// <summary>Scores of pixels.</summary>
    /// <param name="x">Images [N, 3, height, width].</param>
    /// <returns>[N, classes, height, width].</returns>
    /// <exception cref="ShapeException">The images have another number of axes or channels.</exception>
    public override Tensor Forward(Tensor x) => _final.Forward(_second.Forward(_first.Forward(x)));

    /// <inheritdoc/>
    protected override string Describe() => $"SmallFrontEnd({_final.Weight.Shape[0]} classes)";
}
