using Xunit;

namespace GpuNets.Tests;

/// <summary>An operation may hand the gradient of its output on to an input instead of copying it.</summary>
public sealed class SharedGradientTests
{
    [Fact(Timeout = 60_000)]
    public async Task OperandsOfASumGetGradientsOfTheirOwn()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var (x, b) = (tape.Watch(lease.Device.Tensor(1f, -2f)), tape.Watch(lease.Device.Tensor(3f, 4f)));
        // d/dx of (x + b) + 2 x + 3 (x + b) is 6, d/db is 4: what reaches x afterwards must not show in b, nor the other way round.
        var sum = x + b;
        var y = sum + 2f * x + 3f * sum;
        tape.Backward(y, lease.Device.Tensor(1f, 10f));
        Assert.Equal([6f, 60f], tape.Gradient(x)!.ToArray());
        Assert.Equal([4f, 40f], tape.Gradient(b)!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task AWatchedSumKeepsItsGradient()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor(1f, -2f));
        var doubled = 2f * x;
        var sum = tape.Watch(doubled + doubled);
        var y = sum.Reshape(2) + 5f * doubled;
        tape.Backward(y, lease.Device.Tensor(1f, 10f));
        Assert.Equal([1f, 10f], tape.Gradient(sum)!.ToArray());
        Assert.Equal([14f, 140f], tape.Gradient(x)!.ToArray());
    }

    [Fact(Timeout = 60_000)]
    public async Task AChainOfSumsCopiesNoGradient()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Tensor(1f, -2f));
        var y = x + 1f;
        for (int i = 0; i < 10; i++) y = (y + lease.Device.Tensor(1f, 1f)).Reshape(2);
        var gradient = lease.Device.Tensor(1f, 10f);
        long before = lease.Device.Launches;
        tape.Backward(y, gradient);
        // One copy of the gradient that came in, and the kernel of x + 1.
        Assert.Equal(2, lease.Device.Launches - before);
        Assert.Equal([1f, 10f], tape.Gradient(x)!.ToArray());
    }
}
