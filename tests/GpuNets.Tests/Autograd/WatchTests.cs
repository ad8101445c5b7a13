using Xunit;

namespace GpuNets.Tests;

public sealed class WatchTests
{
    [Fact(Timeout = 60_000)]
    public void AWatchedTensorStartsAfreshOnTheNextTape()
    {
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor(1f, -2f);
        var ones = lease.Device.Tensor(1f, 1f);
        for (int step = 0; step < 3; step++)
        {
            using var tape = lease.Device.Record();
            tape.Backward(tape.Watch(x).Relu(), ones);
            Assert.Equal([1f, 0f], tape.Gradient(x)!.ToArray());
        }
    }

    [Fact(Timeout = 60_000)]
    public void WatchingEndsWithTheTape()
    {
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Tensor(1f, -2f);
        using (var first = lease.Device.Record()) first.Watch(x);
        using var second = lease.Device.Record();
        Assert.False(x.Relu().RequiresGradient);
        Assert.Equal(0, second.Count);
    }
}
