namespace GpuNets.Models;

/// <summary>One convolution of a <see cref="ContextModule"/>.</summary>
/// <param name="Name">Name of the released networks without their prefix: conv1_1, conv1_2, conv2_1, ..., fc1, final.</param>
/// <param name="Kernel">Taps along both axes, 3 or 1.</param>
/// <param name="Dilation">Distance of the taps.</param>
/// <param name="Inputs">Channels.</param>
/// <param name="Outputs">Channels.</param>
internal readonly record struct ContextLayer(string Name, int Kernel, int Dilation, int Inputs, int Outputs)
{
    public long WeightCount => (long)Kernel * Kernel * Inputs * Outputs;

    /// <summary>The layers of a module. A change of the dilation begins a block of names; the last 3x3 layer is fc1.</summary>
    public static IReadOnlyList<ContextLayer> Of(ContextOptions options)
    {
        var layers = new List<ContextLayer>();
        int channels = options.Classes, multiplier = 2, block = 0, place = 0, last = options.Dilations.Count - 1;
        for (int i = 0; i <= last; i++)
        {
            int dilation = options.Dilations[i];
            (block, place) = i == 0 || dilation != options.Dilations[i - 1] ? (block + 1, 1) : (block, place + 1);
            multiplier = Math.Max(multiplier, 2 * dilation);
            int times = options.Multipliers?[i] ?? (options.Kind == ContextKind.Large ? multiplier : 1);
            string name = i == last ? "fc1" : $"conv{block}_{place}";
            layers.Add(new ContextLayer(name, 3, dilation, channels, channels = checked(options.Classes * times)));
        }
        layers.Add(new ContextLayer("final", 1, 1, channels, options.Classes));
        return layers;
    }

    /// <summary>
    /// Equation 5, of which equation 4 is the case c_in = c_out = C: the centre tap from map a to map b is C / c_out where
    /// floor(a C / c_in) = floor(b C / c_out); every other weight is normal with the deviation sigma C / c_out.
    /// </summary>
    public static Initializer Identity(int classes, double sigma) => (values, shape, random) =>
    {
        int outputs = shape[0], inputs = shape[1], taps = shape.Product(2, 4);
        double tap = (double)classes / outputs;
        if (sigma > 0) Init.Normal(sigma * tap)(values, shape, random);
        else values.Clear();
        for (int b = 0; b < outputs; b++)
        {
            for (int a = 0; a < inputs; a++)
                if ((long)a * classes / inputs == (long)b * classes / outputs) values[(b * inputs + a) * taps + taps / 2] = (float)tap;
        }
    };
}
