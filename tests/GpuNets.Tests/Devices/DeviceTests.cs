using GpuNets.Kernels;
using ILGPU;

namespace GpuNets.Tests.Devices;

public sealed class DeviceTests
{
    [Fact(Timeout = 300_000)]
    public async Task List_has_the_CPU_and_says_why_other_kinds_are_missing()
    {
        await Task.Yield();
        var all = Device.List();
        Assert.Single(all, info => info.Id == "cpu" && info.IsUsable && info.Units >= 1 && info.MemoryBytes > 0);
        foreach (var kind in Enum.GetValues<DeviceKind>()) Assert.Contains(all, info => info.Kind == kind);
        Assert.All(all, info => Assert.True(info.IsUsable ? info.Id.Contains(':') || info.Id == "cpu" : info.Rejection!.Length > 10));
    }

    [Theory(Timeout = 300_000)]
    [InlineData("gpu")]
    [InlineData("cuda:99")]
    [InlineData("opencl:99")]
    [InlineData("opencl")]
    public async Task An_unknown_name_lists_what_there_is_in_one_line(string name)
    {
        await Task.Yield();
        var error = Assert.Throws<DeviceUnavailableException>(() => Device.Open(name));
        Assert.Equal(name, error.Requested);
        Assert.StartsWith($"Device '{name}':", error.Message);
        Assert.Contains("cpu", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact(Timeout = 300_000)]
    public async Task Open_takes_names_in_any_case_and_reports_the_device()
    {
        await Task.Yield();
        using var device = Device.Open(" CPU ", new DeviceOptions { Threads = 2 });
        Assert.Equal(("cpu", DeviceKind.Cpu, 2), (device.Info.Id, device.Kind, device.Info.Units));
        Assert.Equal("cpu (CPU (2 threads))", device.ToString());
    }

    [Fact(Timeout = 300_000)]
    public async Task The_device_under_test_runs_unoptimised_too()
    {
        await Task.Yield();
        using var device = TestDevices.Open(new DeviceOptions { Optimize = false });
        var x = device.Allocate(300);
        x.Write(Enumerable.Range(-150, 300).Select(i => (float)i).ToArray());
        Elementwise.Forward<Relu>(x, x);
        var y = new float[300];
        x.Read(y);
        Assert.Equal(Enumerable.Range(-150, 300).Select(i => (float)Math.Max(i, 0)), y);
    }

    [Fact(Timeout = 300_000)]
    public async Task Tensors_of_two_devices_do_not_mix()
    {
        await Task.Yield();
        using var first = Device.Open("cpu");
        using var second = TestDevices.Open();
        using var scopeOfFirst = first.Scope();
        using var scopeOfSecond = second.Scope();
        var a = first.Tensor(1f, 2f);
        var b = second.Tensor(1f, 2f);
        var error = Assert.Throws<DeviceMismatchException>(() => Tensor.Concatenate(0, a, b));
        Assert.Contains(first.ToString(), error.Message);
    }

    [Theory(Timeout = 300_000)]
    [InlineData(ExecutionForm.Serial)]
    [InlineData(ExecutionForm.Group)]
    internal async Task A_kernel_that_does_not_compile_is_named_and_later_ones_fail_clearly(ExecutionForm form)
    {
        await Task.Yield();
        using var device = Device.Open("cpu", new DeviceOptions { Form = form });
        var y = device.Allocate(4);
        var error = Assert.Throws<KernelCompilationException>(() => device.ForEach(new Broken<Relu> { Y = y.Floats }, 4));
        Assert.Equal("DeviceEntries.Elements<DeviceTests.Broken<Relu>>", error.Kernel);
        Assert.Equal(device.Name, error.Device);
        Assert.Contains("Vector4", error.Message);
        var later = Assert.Throws<KernelCompilationException>(() => Elementwise.Forward<Relu>(y, y));
        Assert.Contains("open the device anew", later.Message);
        Assert.Contains("Broken<Relu>", later.Message);
        Assert.NotNull(device.Allocate(4));   // memory still works, so that results can be saved
    }

    internal struct Broken<TOp> : IElementKernel where TOp : struct, IUnaryOp
    {
        public ArrayView<float> Y;

        public readonly unsafe void Run<TLoop>(TLoop loop) where TLoop : struct, ILoop => loop.Each(new Body { Y = Y.Ptr() });

        internal unsafe struct Body : IElementBody
        {
            public float* Y;

            // System.Numerics vectors are what ILGPU cannot compile.
            public readonly void At<T>(int i) where T : struct, ILane<T> =>
                T.Store(Y, i, TOp.Forward(T.Of(System.Numerics.Vector4.Dot(new System.Numerics.Vector4(i), System.Numerics.Vector4.One))));
        }
    }
}
