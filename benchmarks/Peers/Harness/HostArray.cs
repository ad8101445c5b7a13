namespace GpuNets.Peers;

/// <summary>Numbers on the host with a name and a shape: inputs and weights given to both sides, results taken from them.</summary>
internal sealed record HostArray(string Name, int[] Shape, float[] Values)
{
    /// <summary>Normal numbers with mean 0; a function of the seed alone.</summary>
    public static HostArray Normal(string name, int seed, float deviation, params int[] shape)
    {
        var random = new Random(seed);
        return Fill(name, shape, () =>
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            return (float)(deviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        });
    }

    /// <summary>Uniform numbers of [low, high); a function of the seed alone.</summary>
    public static HostArray Uniform(string name, int seed, float low, float high, params int[] shape)
    {
        var random = new Random(seed);
        return Fill(name, shape, () => low + (high - low) * random.NextSingle());
    }

    /// <summary>The same number everywhere.</summary>
    public static HostArray Constant(string name, float value, params int[] shape) => Fill(name, shape, () => value);

    private static HostArray Fill(string name, int[] shape, Func<float> next)
    {
        var values = new float[shape.Aggregate(1, (a, b) => a * b)];
        for (int i = 0; i < values.Length; i++) values[i] = next();
        return new HostArray(name, shape, values);
    }
}
