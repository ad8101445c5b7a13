namespace GpuNets;

/// <summary>Initial values of parameters. Drawn on the host in double precision, so that every device starts from the same bits.</summary>
public static class Init
{
    /// <summary>All zero.</summary>
    public static Initializer Zeros { get; } = Constant(0f);

    /// <summary>All one.</summary>
    public static Initializer Ones { get; } = Constant(1f);

    /// <summary>All the same value.</summary>
    public static Initializer Constant(float value) => (values, _, _) => values.Fill(value);

    /// <summary>Given values.</summary>
    public static Initializer Values(float[] source) => (values, shape, _) =>
    {
        if (source.Length != values.Length) throw new ShapeException("Init.Values", $"{source.Length} values do not fill {shape}.");
        source.CopyTo(values);
    };

    /// <summary>Uniform in [-bound, bound).</summary>
    public static Initializer Uniform(double bound) => (values, _, random) =>
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)((2 * random.UniformDouble((uint)i) - 1) * bound);
    };

    /// <summary>Normal with mean 0.</summary>
    /// <param name="deviation">Standard deviation.</param>
    public static Initializer Normal(double deviation) => (values, _, random) =>
    {
        for (int i = 0; i < values.Length; i++) values[i] = (float)(random.Normal((uint)i) * deviation);
    };

    /// <summary>Normal with mean 0, redrawn beyond two standard deviations.</summary>
    /// <param name="deviation">Standard deviation before truncation.</param>
    public static Initializer TruncatedNormal(double deviation) => (values, _, random) =>
    {
        uint draw = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double z;
            do z = random.Normal(draw++);
            while (Math.Abs(z) > 2);
            values[i] = (float)(z * deviation);
        }
    };

    /// <summary>Truncated normal with standard deviation 1 / sqrt(fan in).</summary>
    public static Initializer FanIn { get; } = (values, shape, random) => TruncatedNormal(1 / Math.Sqrt(Fans(shape).In))(values, shape, random);

    /// <summary>Uniform with bound gain sqrt(6 / (fan in + fan out)) (Glorot and Bengio 2010).</summary>
    public static Initializer XavierUniform(double gain = 1) => (values, shape, random) =>
    {
        var (fanIn, fanOut) = Fans(shape);
        Uniform(gain * Math.Sqrt(6.0 / (fanIn + fanOut)))(values, shape, random);
    };

    /// <summary>Normal with deviation gain sqrt(2 / (fan in + fan out)) (Glorot and Bengio 2010).</summary>
    public static Initializer XavierNormal(double gain = 1) => (values, shape, random) =>
    {
        var (fanIn, fanOut) = Fans(shape);
        Normal(gain * Math.Sqrt(2.0 / (fanIn + fanOut)))(values, shape, random);
    };

    /// <summary>Uniform with bound gain sqrt(3 / fan in) (He et al. 2015; gain sqrt(2) for ReLU).</summary>
    public static Initializer KaimingUniform(double gain = 1.4142135623730951) => (values, shape, random) =>
        Uniform(gain * Math.Sqrt(3.0 / Fans(shape).In))(values, shape, random);

    /// <summary>Normal with deviation gain / sqrt(fan in) (He et al. 2015; gain sqrt(2) for ReLU).</summary>
    public static Initializer KaimingNormal(double gain = 1.4142135623730951) => (values, shape, random) =>
        Normal(gain / Math.Sqrt(Fans(shape).In))(values, shape, random);

    private static (double In, double Out) Fans(Shape shape)
    {
        if (shape.Rank == 0) return (1, 1);
        if (shape.Rank == 1) return (shape[0], shape[0]);
        double field = shape.Product(2, shape.Rank);
        return (Math.Max(1, shape[1] * field), Math.Max(1, shape[0] * field));
    }
}
