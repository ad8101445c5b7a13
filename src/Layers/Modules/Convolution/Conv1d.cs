namespace GpuNets;

/// <summary>Convolution of sequences: [batch, in, length] gives [batch, out, length']; see <see cref="Tensor.Conv1d"/>.</summary>
public sealed class Conv1d : ConvLayer
{
    private readonly Conv1dOptions _options;

    /// <summary>Makes weight [out, in / groups, kernel] and bias [out] under PyTorch's names.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Taps.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size is less than 1, or the channels are no multiples of the groups.</exception>
    public Conv1d(Vars vars, int inputs, int outputs, int kernel, Conv1dOptions? options = null)
        : base(vars, "Conv1d", inputs, outputs, [outputs, inputs / Math.Max(1, options?.Groups ?? 1), kernel], 0, options ?? new Conv1dOptions()) =>
        _options = options ?? new Conv1dOptions();

    private protected override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation) =>
        x.Conv1d(weight, bias, _options.Stride, _options.Padding, _options.Dilation, _options.Groups, activation);

    /// <inheritdoc/>
    protected override string Describe()
    {
        string window = $", kernel {Weight.Shape[2]}{(_options.Stride == 1 ? "" : $", stride {_options.Stride}")}"
            + $"{(_options.Padding == default ? "" : $", padding {_options.Padding}")}{(_options.Dilation == 1 ? "" : $", dilation {_options.Dilation}")}";
        return $"Conv1d({Weight.Shape[1] * _options.Groups} -> {Weight.Shape[0]}{Settings(window)})";
    }
}
