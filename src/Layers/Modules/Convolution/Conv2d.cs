namespace GpuNets;

/// <summary>Convolution of images: [batch, in, height, width] gives [batch, out, height', width']; see <see cref="Tensor.Conv2d"/>.</summary>
public sealed class Conv2d : ConvLayer
{
    private readonly Conv2dOptions _options;

    /// <summary>Makes weight [out, in / groups, kernel height, kernel width] and bias [out] under PyTorch's names.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Taps along both axes.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the channels are no multiples of the groups.</exception>
    public Conv2d(Vars vars, int inputs, int outputs, Size2d kernel, Conv2dOptions? options = null)
        : base(
            vars, "Conv2d", inputs, outputs, [outputs, inputs / Math.Max(1, options?.Groups ?? 1), kernel.Height, kernel.Width], 0,
            options ?? new Conv2dOptions()) =>
        _options = options ?? new Conv2dOptions();

    private protected override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation) =>
        x.Conv2d(weight, bias, _options.Stride, _options.Padding, _options.Dilation, _options.Groups, activation);

    /// <inheritdoc/>
    protected override string Describe()
    {
        string window = $", kernel {new Size2d(Weight.Shape[2], Weight.Shape[3])}{(_options.Stride == 1 ? "" : $", stride {_options.Stride}")}"
            + $"{(_options.Padding == default ? "" : $", padding {_options.Padding}")}{(_options.Dilation == 1 ? "" : $", dilation {_options.Dilation}")}";
        return $"Conv2d({Weight.Shape[1] * _options.Groups} -> {Weight.Shape[0]}{Settings(window)})";
    }
}
