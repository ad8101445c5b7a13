using System.Collections.Concurrent;
using GpuNets.Kernels;

[assembly: AssemblyFixture(typeof(GpuNets.Tests.IdleDevices))]

namespace GpuNets.Tests;

/// <summary>
/// Devices for tests: <c>using var lease = TestDevices.Lease(); var device = lease.Device;</c>. Test classes run in parallel while a
/// device belongs to one thread at a time, so devices are lent and used again. The variable GPUNETS_DEVICE picks the kind
/// (default <c>cpu</c>). Freed memory is filled with NaN, so that use after free shows.
/// </summary>
internal static class TestDevices
{
    private static readonly ConcurrentDictionary<(string Name, ExecutionForm? Form), ConcurrentBag<Device>> s_idle = [];

    /// <summary>The device kind under test.</summary>
    public static string Name
    {
        get
        {
            string? name = Environment.GetEnvironmentVariable(Device.EnvironmentVariable);
            return string.IsNullOrWhiteSpace(name) ? "cpu" : name.Trim().ToLowerInvariant();
        }
    }

    /// <summary>
    /// The form of kernels under test: the device's own, or that of the variable GPUNETS_FORM. <c>group</c> on PoCL runs what ILGPU makes of the kernels
    /// for GPUs without one.
    /// </summary>
    public static ExecutionForm? Form { get; } =
        Environment.GetEnvironmentVariable("GPUNETS_FORM") is { Length: > 0 } form ? Enum.Parse<ExecutionForm>(form, ignoreCase: true) : null;

    /// <summary>Lends a device of the kind under test.</summary>
    public static DeviceLease Lease() => Lease(Name, Form);

    /// <summary>Leaves out what does not depend on the device under test, except with the CPU device's tests.</summary>
    public static void SkipUnlessCpu() => Assert.SkipUnless(Name == "cpu", "runs with the tests of the CPU device");

    /// <summary>
    /// Lends a device that runs a GPU or OpenCL form on ILGPU's CPU accelerator, which checks every index (one outside its view ends the
    /// process). Very slow with groups and warps: a few rows of a few hundred elements at most.
    /// </summary>
    public static DeviceLease Emulated(ExecutionForm form) => Lease("cpu", form);

    /// <summary>Lends a device that runs the PTX of kernels on the host: a few hundred elements at most.</summary>
    /// <param name="large">A large GPU gives each of a few rows to a group, a small one to a warp.</param>
    public static DeviceLease Ptx(bool large) => Lease(large ? LargePtx : SmallPtx, null);

    /// <summary>A fresh device that the caller disposes; for tests of devices themselves.</summary>
    public static Device Open(DeviceOptions? options = null) => Open(Name, options ?? new DeviceOptions { PoisonFreed = true, Form = Form });

    // What ILGPU makes for NVIDIA's GPUs, on the host: slow, but it needs no GPU.
    private const string SmallPtx = "ptx", LargePtx = "ptx:large";

    private static Device Open(string name, DeviceOptions options) => name switch
    {
        SmallPtx => GpuNets.Tests.Ptx.PtxCompiler.Open(units: 4),
        LargePtx => GpuNets.Tests.Ptx.PtxCompiler.Open(units: 132),
        _ => Device.Open(name, options),
    };

    private static DeviceLease Lease(string name, ExecutionForm? form)
    {
        var idle = s_idle.GetOrAdd((name, form), _ => []);
        if (!idle.TryTake(out var device)) device = Open(name, new DeviceOptions { PoisonFreed = true, Form = form });
        return new DeviceLease(device, idle);
    }

    /// <summary>Ends the devices that nobody uses; the threads of emulated ones would keep the process alive.</summary>
    public static void DisposeIdle()
    {
        foreach (var idle in s_idle.Values)
            while (idle.TryTake(out var device)) device.Dispose();
    }
}

/// <summary>A device on loan. A test that leaves blocks behind costs the device, so that no test sees another's memory.</summary>
internal sealed class DeviceLease(Device device, ConcurrentBag<Device> idle) : IDisposable
{
    public Device Device { get; } = device;

    public void Dispose()
    {
        if (Device.IsDisposed) return;
        if (Device.Memory.LiveBlocks == 0) idle.Add(Device);
        else Device.Dispose();
    }
}

/// <summary>Lives as long as the test run; the runner makes it and disposes it after the last test.</summary>
public sealed class IdleDevices : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => TestDevices.DisposeIdle();
}
