namespace GpuNets.Tests.Modules;

/// <summary>Inputs for some samples, each a function of the sample's number alone, whatever the batch it is in.</summary>
internal sealed record SampleBatch(Device Device, params int[] Samples)
{
    /// <summary>Normal numbers, [batch, shape].</summary>
    public Tensor Normal(params int[] shape) => Device.Tensor([.. Samples.SelectMany(sample => Values(sample, new Shape(shape).Count))], new Shape([Samples.Length, .. shape]));

    /// <summary>Normal numbers, [time, batch, features].</summary>
    public Tensor Sequence(int time, int features)
    {
        float[] values = [.. Enumerable.Range(0, time).SelectMany(t => Samples.SelectMany(sample => Values(sample, time * features).Skip(t * features).Take(features)))];
        return Device.Tensor(values, (time, Samples.Length, features));
    }

    /// <summary>Indices below a bound, [batch, count].</summary>
    public IndexTensor Indices(int bound, int count) => Device.Indices(
        [.. Samples.SelectMany(sample => Enumerable.Range(0, count).Select(i => new Philox(9, (uint)sample).Below((uint)i, bound)))], (Samples.Length, count));

    private static IEnumerable<float> Values(int sample, int count) =>
        Enumerable.Range(0, count).Select(i => (float)new Philox(8, (uint)sample).Normal((uint)i));
}
