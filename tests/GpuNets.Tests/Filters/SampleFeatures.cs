using GpuNets.Reference;

namespace GpuNets.Tests.Filters;

/// <summary>Features [N, d, positions] for filters under test, a function of their shape.</summary>
internal sealed class SampleFeatures
{
    private readonly float[] _values;

    /// <param name="shape">[N, d, positions..].</param>
    /// <param name="spread">Deviation of the features, in that of the kernel.</param>
    public SampleFeatures(int[] shape, double spread = 1)
    {
        Shape = shape;
        var random = new Philox(4).Fork(string.Join(' ', shape));
        _values = [.. Enumerable.Range(0, NdArray.Count(shape)).Select(i => (float)(spread * random.Normal((uint)i)))];
    }

    public int[] Shape { get; }

    public int Samples => Shape[0];

    public int Positions => NdArray.Count(Shape.AsSpan(2));

    public Tensor On(Device device) => device.Tensor(_values, Shape);

    /// <summary>The features of each position of a sample.</summary>
    public double[][] Of(int sample)
    {
        int d = Shape[1];
        return [.. Enumerable.Range(0, Positions).Select(p => Enumerable.Range(0, d).Select(k => (double)_values[(sample * d + k) * Positions + p]).ToArray())];
    }
}
