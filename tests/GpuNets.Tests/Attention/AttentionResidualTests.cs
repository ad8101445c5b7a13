using Xunit;

namespace GpuNets.Tests.Attention;

/// <summary>The shortcut around an attention layer, added by its last product.</summary>
public sealed class AttentionResidualTests
{
    [Theory(Timeout = 60_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_last_product_adds_it(bool cross)
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var vars = new Vars(device, seed: 5);
        var layer = new MultiHeadAttention(vars, 8, 2);
        var random = new Philox(3);
        float[] Values(int count, uint first) => [.. Enumerable.Range(0, count).Select(i => random.Uniform(first + (uint)i) - 0.5f)];
        var (y, dx) = Run((x, key) => layer.Forward(x, key, residual: x));
        var (plainY, plainDx) = Run((x, key) => layer.Forward(x, key) + x);
        for (int i = 0; i < y.Length; i++)
        {
            Assert.Equal(plainY[i], y[i], 1e-6f);
            Assert.Equal(plainDx[i], dx[i], 1e-6f);
        }
        foreach (var parameter in vars.Parameters)
        {
            parameter.Buffer.Free();
            parameter.GradientBuffer?.Free();
        }

        (float[] Y, float[] Dx) Run(Func<Tensor, Tensor?, Tensor> block)
        {
            foreach (var parameter in vars.Parameters) parameter.ClearGradient();
            using var tape = device.Record();
            var x = tape.Watch(device.Tensor(Values(48, 0), [2, 3, 8]));
            var key = cross ? device.Tensor(Values(64, 100), [2, 4, 8]) : null;
            var dy = device.Tensor(Values(48, 200), [2, 3, 8]);
            var result = block(x, key);
            tape.Backward(result, dy);
            return (result.ToArray(), tape.Gradient(x)!.ToArray());
        }
    }
}
