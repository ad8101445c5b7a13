using GpuNets.Kernels;

namespace GpuNets;

/// <summary>
/// The convolution of the PixelCNN (van den Oord et al. 2016, arXiv:1601.06759, 3.4): a pixel sees the rows above it and what is left of
/// it, with type B itself. [batch, in, height, width] gives [batch, out, height, width]. Taps that the mask takes out are not computed
/// (a 3 x 3 kernel has 4 of type A and 5 of type B), their weights are 0 and get no gradient.
/// </summary>
public sealed class MaskedConv2d : ConvLayer
{
    private readonly MaskedConv2dOptions _options;
    private readonly ConvMask _mask;

    /// <summary>Makes weight [out, in / groups, kernel height, kernel width] and bias [out] under PyTorch's names.</summary>
    /// <param name="vars">Where the parameters go.</param>
    /// <param name="inputs">Channels of x.</param>
    /// <param name="outputs">Channels of y.</param>
    /// <param name="kernel">Taps along both axes, odd numbers.</param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A size is less than 1, a kernel is even, nothing is left of it, or channels are no multiples of groups or colours.
    /// </exception>
    public MaskedConv2d(Vars vars, int inputs, int outputs, Size2d kernel, MaskedConv2dOptions? options = null)
        : base(
            vars, "MaskedConv2d", inputs, outputs, [outputs, inputs / Math.Max(1, options?.Groups ?? 1), kernel.Height, kernel.Width], 0,
            options ?? new MaskedConv2dOptions(), Restrict(Mask(kernel, inputs, outputs, options ?? new MaskedConv2dOptions()), Math.Max(1, options?.Groups ?? 1)))
    {
        _options = options ?? new MaskedConv2dOptions();
        _mask = Mask(kernel, inputs, outputs, _options);
    }

    private protected override Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation)
    {
        var dilation = _options.Dilation;
        Padding2d padding = (dilation.Height * (Weight.Shape[2] / 2), dilation.Width * (Weight.Shape[3] / 2));
        return ConvOp.Apply("MaskedConv2d", x, weight, bias, 2, new(1, padding, dilation, _options.Groups), activation, _mask);
    }

    /// <inheritdoc/>
    protected override string Describe()
    {
        string window = $", kernel {new Size2d(Weight.Shape[2], Weight.Shape[3])}, type {_options.Type}"
            + $"{(_options.Colors == 1 ? "" : $", colors {_options.Colors}")}{(_options.Dilation == 1 ? "" : $", dilation {_options.Dilation}")}";
        return $"MaskedConv2d({Weight.Shape[1] * _options.Groups} -> {Weight.Shape[0]}{Settings(window)})";
    }

    private static ConvMask Mask(Size2d kernel, int inputs, int outputs, MaskedConv2dOptions options)
    {
        if (kernel.Height % 2 != 1 || kernel.Width % 2 != 1)
            throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "MaskedConv2d: the kernel must be odd along both axes to have a centre.");
        int block = options.Colors * Math.Max(1, options.Groups);
        if (options.Colors < 1 || inputs % block != 0 || outputs % block != 0)
            throw new ArgumentOutOfRangeException(
                nameof(options), options.Colors, $"MaskedConv2d: {inputs} and {outputs} channels are no multiples of {options.Colors} colours in each group.");
        var mask = new ConvMask(kernel.Height / 2 * kernel.Width + kernel.Width / 2, options.Colors, options.Type == ConvMaskType.B);
        if (mask.Taps == 0) throw new ArgumentOutOfRangeException(nameof(kernel), kernel, "MaskedConv2d: type A leaves nothing of a kernel of one tap.");
        return mask;
    }

    private static Initializer Restrict(ConvMask mask, int groups) => (values, shape, _) =>
    {
        int taps = shape[2] * shape[3], outs = shape[0] / groups;
        for (int i = 0; i < values.Length; i++)
            if (!mask.Allows(i % taps, i / taps % shape[1], shape[1], i / taps / shape[1] % outs, outs)) values[i] = 0f;
    };
}
