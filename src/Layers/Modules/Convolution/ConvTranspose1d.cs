namespace GpuNets;

/// <summary>Transposed convolution of sequences: [batch, in, length] gives [batch, out, length']; see <see cref="Tensor.ConvTranspose1d"/>.</summary>
public sealed class ConvTranspose1d : ConvLayer
{
    private readonly ConvTranspose1dOptions _options;

    /// <summary>Makes weight [in, out / groups, kernel] and bias [out] under PyTorch's names; weight normalisation is along axis 1.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Taps.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the channels are no multiples of the groups.</exception>
    /// <exception cref="ArgumentException">Weight normalisation with several groups.</exception>
    public ConvTranspose1d(Vars vars, int inputs, int outputs, int kernel, ConvTranspose1dOptions? options = null)
        : base(
            vars, "ConvTranspose1d", inputs, outputs, [inputs, outputs / Math.Max(1, options?.Groups ?? 1), kernel], 1,
            options ?? new ConvTranspose1dOptions()) =>
        _options = options ?? new ConvTranspose1dOptions();

    private protected override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation) => x.ConvTranspose1d(
        weight, bias, _options.Stride, _options.Padding, _options.OutputPadding, _options.Dilation, _options.Groups, activation);

    /// <inheritdoc/>
    protected override string Describe()
    {
        string window = $", kernel {Weight.Shape[2]}{(_options.Stride == 1 ? "" : $", stride {_options.Stride}")}"
            + $"{(_options.Padding == default ? "" : $", padding {_options.Padding}")}{(_options.Dilation == 1 ? "" : $", dilation {_options.Dilation}")}";
        return $"ConvTranspose1d({Weight.Shape[0]} -> {Weight.Shape[1] * _options.Groups}{Settings(window)})";
    }
}
