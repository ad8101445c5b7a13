using System.Text;

namespace GpuNets.GpuBenchmarks;

/// <summary>Numbers that the PyTorch side makes in the same way: a hash of index and seed, uniform in [-0.5, 0.5) times a scale.</summary>
internal static class Numbers
{
    public static float[] Uniform(int count, uint seed, float scale = 1f)
    {
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = ((Hash((uint)i, seed) >> 8) * (1f / (1 << 24)) - 0.5f) * scale;
        return values;
    }

    public static int[] Below(int count, int limit, uint seed)
    {
        var values = new int[count];
        for (int i = 0; i < count; i++) values[i] = (int)(Hash((uint)i, seed) % (uint)limit);
        return values;
    }

    /// <summary>Values of a parameter: the seed is a hash of its name, matrices have the scale given, biases a tenth; factors of norms are near 1.</summary>
    public static float[] Of(Parameter parameter, Func<Shape, float> scale)
    {
        uint seed = 2166136261;   // FNV-1a
        foreach (byte one in Encoding.UTF8.GetBytes(parameter.Path)) seed = unchecked((seed ^ one) * 16777619);
        float[] values = Uniform(parameter.Count, seed, parameter.Shape.Rank > 1 ? scale(parameter.Shape) : 0.1f);
        if (parameter.Path.EndsWith("norm.weight", StringComparison.Ordinal))
            for (int i = 0; i < values.Length; i++) values[i] += 1;
        return values;
    }

    /// <summary>
    /// Eight values, some of them more than once if there are fewer. All over the place: places at equal distances could all be first rows, whose gradient is
    /// zero under a causal mask.
    /// </summary>
    public static float[] Some(float[] values) => [.. Enumerable.Range(0, 8).Select(i => values[(int)((i * 2654435761 + 12345) % values.Length)])];

    private static uint Hash(uint index, uint seed)
    {
        unchecked
        {
            uint x = index * 2654435761u + seed * 40503u + 1u;
            x = (x ^ (x >> 16)) * 0x45d9f3bu;
            x = (x ^ (x >> 16)) * 0x45d9f3bu;
            return x ^ (x >> 16);
        }
    }
}
