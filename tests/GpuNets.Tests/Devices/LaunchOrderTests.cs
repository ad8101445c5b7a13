using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>Launches, copies and fills go to one queue and run in its order, whoever puts them there.</summary>
public sealed class LaunchOrderTests
{
    [Fact(Timeout = 60_000)]
    public async Task Copies_fills_and_kernels_run_in_the_order_of_their_calls()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        const int count = 5000;
        DeviceBuffer x = device.Allocate(count), y = device.Allocate(count), ones = device.Allocate(count);
        Fill.Launch(ones, 1f);
        for (int round = 0; round < 50; round++)
        {
            device.Clear(x);
            for (int i = 0; i < 20; i++) AddInPlace.Launch(ones, x);
            device.Copy(x, y);
            Fill.Launch(x, float.NaN);
            // Windows that do not start at the beginning of their memory.
            device.Copy(ones.Slice(0, 100), y.Slice(1000, 100));
            AddInPlace.Launch(y, y);
        }
        var result = new float[count];
        y.Read(result);
        Assert.All(result[..1000], value => Assert.Equal(40f, value));
        Assert.All(result[1000..1100], value => Assert.Equal(2f, value));
        Assert.All(result[1100..], value => Assert.Equal(40f, value));
    }

    [Fact(Timeout = 60_000)]
    public async Task What_was_written_may_change_at_once()
    {
        await Task.Yield();
        using var lease = TestDevices.Lease();
        var device = lease.Device;
        var sum = device.Allocate(1000);
        device.Clear(sum);
        var values = new float[1000];
        for (int round = 1; round <= 50; round++)
        {
            var x = device.Allocate(1000);
            Array.Fill(values, round);
            x.Write(values);
            Array.Fill(values, float.NaN);
            AddInPlace.Launch(x, sum);
            x.Free();
        }
        sum.Read(values);
        Assert.All(values, value => Assert.Equal(50 * 51 / 2f, value));
    }
}
