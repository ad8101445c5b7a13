namespace GpuNets;

/// <summary>
/// Transposed convolution of images: [batch, in, height, width] gives [batch, out, height', width']; see
/// <see cref="Tensor.ConvTranspose2d"/>.
/// </summary>
public sealed class ConvTranspose2d : ConvLayer
{
    private readonly ConvTranspose2dOptions _options;

    /// <summary>
    /// Makes weight [in, out / groups, kernel height, kernel width] and bias [out] under PyTorch's names; weight normalisation is along axis 1.
    /// </summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Taps along both axes.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the channels are no multiples of the groups.</exception>
    /// <exception cref="ArgumentException">Weight normalisation with several groups.</exception>
    public ConvTranspose2d(Vars vars, int inputs, int outputs, Size2d kernel, ConvTranspose2dOptions? options = null)
        : base(
            vars, "ConvTranspose2d", inputs, outputs, [inputs, outputs / Math.Max(1, options?.Groups ?? 1), kernel.Height, kernel.Width], 1,
            options ?? new ConvTranspose2dOptions()) =>
        _options = options ?? new ConvTranspose2dOptions();

    private protected override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation) => x.ConvTranspose2d(
        weight, bias, _options.Stride, _options.Padding, _options.OutputPadding, _options.Dilation, _options.Groups, activation);

    /// <inheritdoc/>
    protected override string Describe()
    {
        string window = $", kernel {new Size2d(Weight.Shape[2], Weight.Shape[3])}{(_options.Stride == 1 ? "" : $", stride {_options.Stride}")}"
            + $"{(_options.Padding == default ? "" : $", padding {_options.Padding}")}{(_options.Dilation == 1 ? "" : $", dilation {_options.Dilation}")}";
        return $"ConvTranspose2d({Weight.Shape[0]} -> {Weight.Shape[1] * _options.Groups}{Settings(window)})";
    }
}
