namespace GpuNets.Tests.Tensors;

/// <summary>Making tensors, reading them and printing them.</summary>
public sealed class TensorTests
{
    [Fact(Timeout = 300_000)]
    public async Task Constants()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        using var scope = device.Scope();
        Assert.Equal([0, 0, 0, 0], device.Zeros((2, 2)).ToArray());
        Assert.Equal([1, 1, 1], device.Ones(3).ToArray());
        Assert.Equal([2.5f], device.Full([], 2.5f).ToArray());
        Assert.Equal([0, 1, 2, 3], device.Arange(4).ToArray());
        Assert.Equal([1, 0.5f, 0], device.Arange(1, -0.5f, 3).ToArray());
        Assert.Equal([1, 0, 0, 1], device.Eye(2).ToArray());
        Assert.Equal([], device.Arange(0).ToArray());
        Assert.Equal((3, 3), device.Eye(3).Shape);
        Assert.Equal("Shape: dimension -1 of [-1] is negative.", Assert.Throws<ShapeException>(() => device.Arange(-1)).Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Small_tensors_print_their_values()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        string id = device.Info.Id;
        Tensor x;
        using (device.Scope())
        {
            x = device.Arange(8).Reshape(2, 2, 2);
            Assert.Equal($"Tensor [2, 2, 2] on {id}\n[[[0, 1],\n  [2, 3]],\n [[4, 5],\n  [6, 7]]]", x.ToString());
            Assert.Equal($"Tensor [] on {id}\n-0.333333", device.Full([], -1 / 3f).ToString());
            Assert.Equal($"Tensor [0, 2] on {id}", device.Zeros((0, 2)).ToString());
            Assert.Equal($"Tensor [101] on {id}", device.Zeros(101).ToString());
        }
        Assert.Equal($"Tensor [2, 2, 2] on {id} (freed)", x.ToString());
    }

    [Fact(Timeout = 300_000)]
    public async Task Reshaped_tensors_share_their_memory()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        using var scope = lease.Device.Scope();
        var x = lease.Device.Zeros((3, 4));
        long allocations = lease.Device.Memory.Allocations;
        Assert.Same(x.Buffer, x.Reshape(2, -1).Flatten().Unsqueeze(0).Squeeze(0).Buffer);
        Assert.Equal(allocations, lease.Device.Memory.Allocations);
    }

    [Fact(Timeout = 300_000)]
    public async Task Dropout_keeps_the_mean_and_stops_without_a_tape()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var random = new RandomSource(4);
        using (device.Scope())
        {
            var x = device.Ones(10);
            Assert.Same(x, x.Dropout(0.5f, random));
            Assert.Equal(0UL, random.State.Counter);
        }
        using var tape = device.Record();
        float[] first = device.Ones(100_000).Dropout(0.2f, random).ToArray(), second = device.Ones(100_000).Dropout(0.2f, random).ToArray();
        Assert.All(first, value => Assert.True(value is 0 or 1.25f));
        // Five standard deviations of the number of zeros.
        Assert.InRange(first.Count(value => value == 0), 20_000 - 632, 20_000 + 632);
        Assert.NotEqual(first, second);
        Assert.Equal(2UL, random.State.Counter);
    }

    [Fact(Timeout = 300_000)]
    public async Task Gradients_of_selections_repeat_to_the_last_bit()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        int[] indices = [.. Enumerable.Range(0, 5000).Select(i => new Philox(1).Below((uint)i, 7))];
        float[] dy = [.. Enumerable.Range(0, 5000 * 3).Select(i => (float)new Philox(2).Normal((uint)i))];
        float[] first = Run();
        for (int i = 0; i < 5; i++) Assert.Equal(first, Run());

        float[] Run()
        {
            using var tape = device.Record();
            var x = tape.Watch(device.Zeros((7, 3)));
            tape.Backward(x.IndexSelect(0, device.Indices(indices)), device.Tensor(dy, (5000, 3)));
            return tape.Gradient(x)!.ToArray();
        }
    }

    [Fact(Timeout = 300_000)]
    public async Task The_padding_row_gets_no_gradient()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var table = new Embedding(new Vars(device), 3, 2, paddingIndex: 1);
        Assert.Equal([0, 0], table.Weight.ToArray()[2..4]);
        using var tape = device.Record();
        var y = table.Forward(device.Indices(0, 1, 1, 2, 0));
        tape.Backward(y, device.Ones(y.Shape));
        Assert.Equal([2, 2, 0, 0, 1, 1], table.Weight.Gradient!.ToArray());
    }
}
