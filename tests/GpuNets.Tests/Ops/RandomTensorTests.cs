using GpuNets.Kernels;

namespace GpuNets.Tests.Ops;

/// <summary>Random tensors: the same numbers as on the host, and the right distribution.</summary>
public sealed class RandomTensorTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(33)]
    [InlineData(1023)]
    [InlineData(70001)]
    public async Task Uniform_numbers_are_those_of_the_host_bit_for_bit(int count)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var random = new Philox(0x1234_5678_9ABC_DEF0, 77);
        float[] expected = [.. Enumerable.Range(0, count).Select(i => random.Uniform((uint)i))];
        Assert.Equal(expected, lease.Device.RandomUniform(count, random).ToArray());
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ExecutionForm.Serial)]
    [InlineData(ExecutionForm.Group)]
    internal async Task Uniform_numbers_are_the_same_in_every_form(ExecutionForm form)
    {
        await Task.Yield();
        using var lease = TestDevices.Emulated(form);
        using var scope = lease.Device.Scope();
        var random = new Philox(5, 1).Fork("test");
        float[] expected = [.. Enumerable.Range(0, 70).Select(i => MathF.FusedMultiplyAdd(random.Uniform((uint)i), 3f, -1f))];
        Assert.Equal(expected, lease.Device.RandomUniform(70, random, -1f, 2f).ToArray());
    }

    [Fact(Timeout = 300_000)]
    public async Task Normal_numbers_follow_their_formula()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var random = new Philox(9);
        Philox radius = random.Fork("radius"), angle = random.Fork("angle");
        float[] actual = lease.Device.RandomNormal(1023, random, 0.5f, 2f).ToArray();
        for (uint i = 0; i < 1023; i++)
        {
            double expected = 0.5 + 2 * Math.Sqrt(-2 * Math.Log(1 - radius.Uniform(i))) * Math.Cos(2 * Math.PI * angle.Uniform(i));
            Assert.Equal(expected, actual[i], 4e-6);   // radius up to 5.8 times an error of the cosine of 1e-7, times 2
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task Normal_numbers_have_the_moments_and_the_tails_of_the_distribution()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        const int count = 1 << 18;
        float[] x = lease.Device.RandomNormal(count, new Philox(11)).ToArray();
        double deviation = 1 / Math.Sqrt(count);   // of a mean of count numbers with variance 1
        Assert.Equal(0, x.Average(v => v), 5 * deviation);
        Assert.Equal(1, x.Average(v => (double)v * v), 5 * Math.Sqrt(2) * deviation);
        Assert.Equal(3, x.Average(v => (double)v * v * v * v), 5 * Math.Sqrt(96) * deviation);
        Assert.Equal(0.0455, x.Average(v => Math.Abs(v) > 2 ? 1.0 : 0.0), 5 * 0.21 * deviation);
    }

    [Fact(Timeout = 300_000)]
    public async Task Streams_and_seeds_differ()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        float[] a = lease.Device.RandomUniform(64, new Philox(1, 0)).ToArray(), b = lease.Device.RandomUniform(64, new Philox(1, 1)).ToArray();
        float[] c = lease.Device.RandomUniform(64, new Philox(2, 0)).ToArray();
        Assert.NotEqual(a, b);
        Assert.NotEqual(a, c);
    }
}
