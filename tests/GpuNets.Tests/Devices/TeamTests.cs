using GpuNets.Kernels;

namespace GpuNets.Tests.Devices;

/// <summary>One kernel source on every team gives the same numbers: the device forms run emulated on a few rows.</summary>
public sealed class TeamTests
{
    [Theory(Timeout = 300_000)]
    [InlineData(ExecutionForm.Serial, 3, 67)]
    [InlineData(ExecutionForm.Group, 2, 67)]
    [InlineData(ExecutionForm.Warp, 2, 67)]
    internal async Task Softmax_of_a_device_form_equals_the_host_form(ExecutionForm form, int rows, int columns)
    {
        await Task.Yield();
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() * 8 - 4)];
        using var host = TestDevices.Emulated(ExecutionForm.Host);
        using var emulated = TestDevices.Emulated(form);
        Assert.Equal(form, emulated.Device.Form);
        float[] expected = Run(host.Device, x, rows, columns), actual = Run(emulated.Device, x, rows, columns);
        for (int i = 0; i < x.Length; i++) Assert.Equal(expected[i], actual[i], 4e-7f * expected[i]);
    }

    private static float[] Run(Device device, float[] x, int rows, int columns)
    {
        var source = device.Allocate(x.Length);
        var target = device.Allocate(x.Length);
        source.Write(x);
        device.ForWholeRows(new SoftmaxForward { X = source.Floats, Y = target.Floats, Columns = columns }, rows, columns, 100f);
        var result = new float[x.Length];
        target.Read(result);
        source.Free();
        target.Free();
        return result;
    }
}
