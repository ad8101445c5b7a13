namespace GpuNets.Tests.Ops;

/// <summary>Shape and distribution of one input of a case.</summary>
/// <param name="Shape">Dimensions.</param>
/// <param name="Draw">Value number i of a random sequence.</param>
internal sealed record OpInput(int[] Shape, Func<Philox, uint, double> Draw)
{
    /// <summary>Standard normal numbers.</summary>
    public static OpInput Normal(params int[] shape) => new(shape, (random, i) => random.Normal(i));

    /// <summary>Uniform numbers in [low, high).</summary>
    public static OpInput Uniform(double low, double high, params int[] shape) =>
        new(shape, (random, i) => low + (high - low) * random.UniformDouble(i));

    /// <summary>Normal numbers at least 0.01 away from each of some points, where the function has a kink.</summary>
    public static OpInput Avoiding(double[] points, params int[] shape) => new(shape, (random, i) =>
    {
        double x = random.Normal(i);
        foreach (double point in points)
            if (Math.Abs(x - point) < 0.01) x = point + (x < point ? -0.01 : 0.01);
        return x;
    });

    /// <summary>Magnitudes in [low, high) with random sign: no zeros.</summary>
    public static OpInput Signed(double low, double high, params int[] shape) => new(shape, (random, i) =>
        (low + (high - low) * random.UniformDouble(2 * i)) * (random.Bits(4 * i + 2) % 2 == 0 ? 1 : -1));

    /// <summary>Distinct numbers, at least 1/64 apart, in random order: maxima without ties.</summary>
    public static OpInput Distinct(params int[] shape)
    {
        int count = GpuNets.Reference.NdArray.Count(shape), step = 1;
        while (step * 7 < count || Gcd(step, count) > 1) step++;
        return new(shape, (random, i) => ((i * (long)step + random.Bits(0) % (uint)Math.Max(count, 1)) % Math.Max(count, 1) - count / 2) / 64.0);
    }

    private static int Gcd(int a, int b) => b == 0 ? a : Gcd(b, a % b);
}
