namespace GpuNets.Tests.Devices;

public sealed class MemoryPoolTests
{
    private const int Megabyte = 1 << 18;   // floats

    [Fact(Timeout = 300_000)]
    public async Task Blocks_are_aligned_to_256_bytes()
    {
        await Task.Yield();
        using var device = Device.Open("cpu");
        foreach (int length in new[] { 0, 1, 3, 63, 64, 65, 1000, 100_000, 3_000_000 })
            Assert.Equal(0, HostMemory.Address(device.Allocate(length).Floats) % 256);
    }

    [Fact(Timeout = 300_000)]
    public async Task A_freed_block_serves_the_next_request_of_its_size()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        int[] sizes = [1, 100, 4096, 100_000, 5 * Megabyte];
        long reserved = 0, taken = 0;
        for (int step = 0; step < 5; step++)
        {
            var buffers = sizes.Select(size => device.Allocate(size)).ToArray();
            foreach (var buffer in buffers) buffer.Free();
            if (step == 0) (reserved, taken) = (device.Memory.ReservedBytes, device.Memory.DeviceAllocations);
        }
        Assert.Equal(reserved, device.Memory.ReservedBytes);
        Assert.Equal(taken, device.Memory.DeviceAllocations);
        Assert.Equal(25, device.Memory.Allocations);
        Assert.Equal((0L, 0), (device.Memory.LiveBytes, device.Memory.LiveBlocks));
    }

    [Fact(Timeout = 300_000)]
    public async Task Batches_of_many_lengths_share_large_blocks()
    {
        await Task.Yield();
        using var device = Device.Open("cpu");
        var first = device.Allocate(16 * Megabyte);
        first.Free();
        var half = device.Allocate(8 * Megabyte);           // twice the size will do
        Assert.Equal(1, device.Memory.DeviceAllocations);
        Assert.Equal(8 * Megabyte, half.Length);
        var less = device.Allocate(7 * Megabyte);           // the block is taken
        Assert.Equal(2, device.Memory.DeviceAllocations);
        half.Free();
        less.Free();
        device.Allocate(3 * Megabyte).Free();               // more than twice is a waste: neither
        Assert.Equal(3, device.Memory.DeviceAllocations);

        var random = new Random(1);
        for (int step = 0; step < 100; step++)
        {
            double length = 0.3 + 0.7 * random.NextDouble();
            var buffers = Enumerable.Range(1, 5).Select(i => device.Allocate((int)(length * i * 4 * Megabyte))).ToArray();
            foreach (var buffer in buffers) buffer.Free();
        }
        Assert.InRange(device.Memory.ReservedBytes, device.Memory.PeakBytes, 2 * device.Memory.PeakBytes);
    }

    [Fact(Timeout = 300_000)]
    public async Task Freed_memory_is_poisoned()
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { PoisonFreed = true });
        var first = device.Allocate(100);
        first.Write(Enumerable.Repeat(1f, 100).ToArray());
        first.Free();
        var again = device.Allocate(100);
        var values = new float[100];
        again.Read(values);
        Assert.All(values, value => Assert.True(float.IsNaN(value)));
    }

    [Fact(Timeout = 300_000)]
    public async Task Use_after_free_is_an_error()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var buffer = device.Allocate(4, "weights");
        buffer.Free();
        var error = Assert.Throws<ObjectDisposedException>(() => buffer.Write([1f]));
        Assert.Contains("weights", error.Message);
        buffer.Free();   // twice is harmless
        Assert.Equal(0, device.Memory.LiveBlocks);
    }

    [Fact(Timeout = 300_000)]
    public async Task Use_after_the_device_is_disposed_is_an_error()
    {
        await Task.Yield();
        var device = TestDevices.Open();
        var buffer = device.Allocate(4);
        device.Dispose();
        device.Dispose();   // twice is harmless
        Assert.True(device.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => buffer.Write([1f]));
        Assert.Throws<ObjectDisposedException>(() => device.Allocate(4));
        Assert.Throws<ObjectDisposedException>(device.Synchronize);
        buffer.Free();
    }

    [Fact(Timeout = 300_000)]
    public async Task A_full_pool_gives_unused_memory_back_and_tries_again()
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { MemoryLimit = 24L << 20 });
        device.Allocate(10 * Megabyte).Free();
        long before = device.Memory.ReservedBytes;
        var buffer = device.Allocate(20 * Megabyte);   // does not fit beside the first block, only in its place
        Assert.Equal(20 * Megabyte, buffer.Length);
        Assert.InRange(device.Memory.ReservedBytes, before, 24L << 20);
    }

    [Fact(Timeout = 300_000)]
    public async Task Out_of_memory_names_the_request_and_the_largest_blocks()
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { MemoryLimit = 24L << 20 });
        device.Allocate(6 * Megabyte, "small one");
        device.Allocate(12 * Megabyte, "large one");
        var error = Assert.Throws<DeviceOutOfMemoryException>(() => device.Allocate(8 * Megabyte));
        Assert.InRange(error.RequestedBytes, 8L << 20, 9L << 20);
        Assert.Equal(2, error.Statistics.LiveBlocks);
        Assert.StartsWith("large one: 12 MiB", error.LargestLive[0]);
        Assert.StartsWith("small one: 6 MiB", error.LargestLive[1]);
        Assert.Contains("large one: 12 MiB, small one: 6 MiB", error.Message);
        Assert.Equal(4, device.Allocate(4).Length);   // a refused request breaks nothing
    }

    [Fact(Timeout = 300_000)]
    public async Task Copies_that_do_not_fit_are_refused()
    {
        await Task.Yield();
        using var device = TestDevices.Open();
        var buffer = device.Allocate(3);
        Assert.Throws<ShapeException>(() => buffer.Write(new float[4]));
        Assert.Throws<ShapeException>(() => buffer.Read(new float[4]));
        Assert.Throws<ArgumentOutOfRangeException>(() => device.Allocate(-1));
    }
}
