namespace GpuNets.Tests.Tensors;

public sealed class TensorIndexerTests
{
    [Fact(Timeout = 300_000)]
    public async Task Numbers_drop_axes_and_ranges_keep_them()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Arange(24).Reshape(2, 3, 4);
        Check(x[1], [3, 4], [.. Enumerable.Range(12, 12).Select(i => (float)i)]);
        Check(x[^1, 0], [4], [12, 13, 14, 15]);
        Check(x[-1, -3], [4], [12, 13, 14, 15]);
        Check(x[.., 1, 2..], [2, 2], [6, 7, 18, 19]);
        Check(x[0, 1..3, ^1], [2], [7, 11]);
        Check(x[0, 0, 3], [], [3]);
        Check(x[.., 1..1], [2, 0, 4], []);
        Check(x[[]], [2, 3, 4], [.. Enumerable.Range(0, 24).Select(i => (float)i)]);
    }

    [Fact(Timeout = 300_000)]
    public async Task What_lies_outside_is_named()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Zeros((2, 3));
        Assert.Equal("Tensor[]: 2 does not lie in axis 0 of [2, 3], which has 2 elements.", Assert.Throws<ShapeException>(() => x[2]).Message);
        Assert.Equal("Tensor[]: ^4 does not lie in axis 1 of [2, 3], which has 3 elements.", Assert.Throws<ShapeException>(() => x[0, -4]).Message);
        Assert.Equal("Tensor[]: 1..5 does not lie in axis 1 of [2, 3], which has 3 elements.", Assert.Throws<ShapeException>(() => x[.., 1..5]).Message);
        Assert.Equal("Tensor[]: 3 indices given for [2, 3], which has 2 axes.", Assert.Throws<ShapeException>(() => x[0, 0, 0]).Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Gradients_flow_through()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var tape = lease.Device.Record();
        var x = tape.Watch(lease.Device.Arange(6).Reshape(2, 3));
        tape.Backward(x[1, 1..], lease.Device.Tensor(5, 7));
        Assert.Equal([0, 0, 0, 0, 5, 7], tape.Gradient(x)!.ToArray());
    }

    private static void Check(Tensor actual, Shape shape, float[] values)
    {
        Assert.Equal(shape, actual.Shape);
        Assert.Equal(values, actual.ToArray());
    }
}
