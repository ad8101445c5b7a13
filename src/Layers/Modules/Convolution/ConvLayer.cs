namespace GpuNets;

/// <summary>What layers of convolutions have in common: a weight, perhaps by direction and length, and a bias.</summary>
public abstract class ConvLayer : Layer
{
    private readonly ConvOptions _options;
    private readonly int _outputAxis;

    private protected ConvLayer(Vars vars, string layer, int inputs, int outputs, Shape weight, int outputAxis, ConvOptions options, Initializer? restrict = null) : base(vars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(inputs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(outputs, 1);
        if (options.Groups < 1 || inputs % options.Groups != 0 || outputs % options.Groups != 0)
            throw new ArgumentOutOfRangeException(nameof(options), options.Groups, $"{layer}: {inputs} and {outputs} channels are no multiples of {options.Groups} groups.");
        if (weight.Count == 0) throw new ArgumentOutOfRangeException(nameof(weight), $"{layer}: the kernel of weight {weight} is empty.");
        if (options.WeightNorm is not null && outputAxis == 1 && options.Groups > 1)
            throw new ArgumentException($"{layer}: weight normalisation needs one group, {options.Groups} given: lengths would belong to several outputs.", nameof(options));
        _options = options;
        _outputAxis = outputAxis;
        var uniform = Init.Uniform(1 / Math.Sqrt(weight.Product(1, weight.Rank)));
        var initial = options.WeightInitializer ?? uniform;
        Initializer masked = restrict is null ? initial : (values, shape, random) =>
        {
            initial(values, shape, random);
            restrict(values, shape, random);
        };
        bool normalized = options.WeightNorm is not null;
        int[] lengths = new int[weight.Rank];
        Array.Fill(lengths, 1);
        lengths[outputAxis] = weight[outputAxis];
        Length = normalized ? vars.Parameter("weight_g", lengths, Init.Ones) : null;
        Weight = vars.Parameter(normalized ? "weight_v" : "weight", weight, masked);
        Bias = options.Bias ? vars.Parameter("bias", [outputs], options.BiasInitializer ?? uniform) : null;
    }

    /// <summary>The weight; with weight normalisation its direction, weight_v.</summary>
    public Parameter Weight { get; }

    /// <summary>With weight normalisation the length of the weight per output channel, weight_g; else null.</summary>
    public Parameter? Length { get; }

    /// <summary>[out]; null if the layer has none.</summary>
    public Parameter? Bias { get; }

    /// <inheritdoc/>
    public sealed override Tensor Forward(Tensor x) =>
        Convolve(x, Length is null ? Weight : Weight.WeightNorm(Length, _outputAxis), Bias, _options.Activation);

    /// <summary>
    /// Data-dependent initialisation (Salimans and Kingma 2016, section 3): sets the lengths and the bias so that over this batch each
    /// output channel, before the activation, has mean 0 and the deviation of <see cref="WeightNormOptions.Deviation"/>. Without a bias
    /// the mean stays. Initialise layer after layer: the result is the input of the next.
    /// </summary>
    /// <param name="x">The first batch, as <see cref="Forward"/> takes it.</param>
    /// <returns>The outputs of the initialised layer.</returns>
    /// <exception cref="InvalidOperationException">The layer has no weight normalisation, or a tape is open.</exception>
    /// <exception cref="ShapeException">The input does not fit.</exception>
    public Tensor Initialize(Tensor x)
    {
        if (Length is null || _options.WeightNorm is not { } norm)
            throw new InvalidOperationException($"Initialize: {this} has no weight normalisation; set the option WeightNorm.");
        if (Tape.Of(x.Device) is not null) throw new InvalidOperationException("Initialize: a tape is open; initialise before the first step.");
        Length.Assign(Enumerable.Repeat(1f, Length.Count).ToArray());
        float[] outputs;
        Shape shape;
        using (x.Device.Scope())
        {
            var z = Convolve(x, Weight.WeightNorm(Length, _outputAxis), null, Activation.Identity);
            (outputs, shape) = (z.ToArray(), z.Shape);
        }
        var (length, bias) = Statistics(outputs, shape, norm);
        Length.Assign(length);
        Bias?.Assign(bias);
        return Forward(x);
    }

    /// <summary>Applies the convolution.</summary>
    private protected abstract Tensor Convolve(Tensor x, Tensor weight, Tensor? bias, Activation activation);

    /// <summary>What differs from the defaults, for <see cref="Module.Describe"/>.</summary>
    private protected string Settings(string window)
    {
        var text = new System.Text.StringBuilder(window);
        if (_options.Groups != 1) text.Append($", groups {_options.Groups}");
        if (Bias is null) text.Append(", no bias");
        if (Length is not null) text.Append(", weight norm");
        if (_options.Activation != Activation.Identity) text.Append($", {_options.Activation}");
        return text.ToString();
    }

    private static (float[] Length, float[] Bias) Statistics(float[] outputs, Shape shape, WeightNormOptions norm)
    {
        int channels = shape[1], plane = shape.Product(2, shape.Rank);
        float[] lengths = new float[channels], biases = new float[channels];
        for (int c = 0; c < channels; c++)
        {
            double sum = 0, squares = 0, count = (double)shape[0] * plane;
            for (int n = 0; n < shape[0]; n++)
                foreach (float value in outputs.AsSpan((n * channels + c) * plane, plane)) sum += value;
            double mean = sum / count;
            for (int n = 0; n < shape[0]; n++)
                foreach (float value in outputs.AsSpan((n * channels + c) * plane, plane)) squares += (value - mean) * (value - mean);
            double length = norm.Deviation / Math.Sqrt(squares / count + norm.Epsilon);
            (lengths[c], biases[c]) = ((float)length, (float)(-mean * length));
        }
        return (lengths, biases);
    }
}
