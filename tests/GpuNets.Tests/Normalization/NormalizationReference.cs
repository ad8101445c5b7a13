using GpuNets.Reference;

namespace GpuNets.Tests.Normalization;

/// <summary>Normalisations of x [samples, channels, ...] as plain formulas.</summary>
internal static class NormalizationReference
{
    /// <summary>(x - mean) / sqrt(variance + epsilon) with the statistics of all elements that a key makes equal.</summary>
    public static NdArray Normalize(NdArray x, Func<int, int, int> set, double epsilon = 1e-5f)
    {
        var y = new NdArray(x.Shape);
        foreach (var members in Enumerable.Range(0, x.Length).GroupBy(i => set(Sample(x, i), Channel(x, i))))
        {
            int[] elements = [.. members];
            Real mean = 0, variance = 0;
            foreach (int i in elements) mean += x[i];
            mean /= elements.Length;
            foreach (int i in elements) variance += (x[i] - mean) * (x[i] - mean);
            Real deviation = Real.Sqrt(variance / elements.Length + epsilon);
            foreach (int i in elements) y[i] = (x[i] - mean) / deviation;
        }
        return y;
    }

    public static NdArray Batch(NdArray x, double epsilon = 1e-5f) => Normalize(x, (_, channel) => channel, epsilon);

    public static NdArray Group(NdArray x, int groups, double epsilon = 1e-5f) =>
        Normalize(x, (sample, channel) => sample * groups + channel / (x.Shape[1] / groups), epsilon);

    /// <summary>With given statistics.</summary>
    public static NdArray Given(NdArray x, double[] mean, double[] variance, double epsilon = 1e-5f)
    {
        var y = new NdArray(x.Shape);
        for (int i = 0; i < x.Length; i++) y[i] = (x[i] - mean[Channel(x, i)]) / Math.Sqrt(variance[Channel(x, i)] + epsilon);
        return y;
    }

    /// <summary>x weight + bias by channel.</summary>
    public static NdArray Affine(NdArray x, NdArray weight, NdArray? bias = null)
    {
        var y = new NdArray(x.Shape);
        for (int i = 0; i < x.Length; i++) y[i] = x[i] * weight[Channel(x, i)] + (bias is null ? 0 : bias[Channel(x, i)]);
        return y;
    }

    public static NdArray Relu(NdArray x) => x.Map(value => Real.Max(value, 0));

    private static int Size(NdArray x) => NdArray.Count(x.Shape.AsSpan(2));

    private static int Sample(NdArray x, int i) => i / Size(x) / x.Shape[1];

    private static int Channel(NdArray x, int i) => i / Size(x) % x.Shape[1];
}
