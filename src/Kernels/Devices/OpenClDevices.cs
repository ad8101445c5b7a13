using GpuNets.Kernels;
using ILGPU.Backends.OpenCL;
using ILGPU.Runtime.OpenCL;

namespace GpuNets;

/// <summary>
/// OpenCL devices. Asks the platforms itself: ILGPU leaves out, without a word, what it cannot use and all that follows a device that
/// answers badly.
/// </summary>
internal static class OpenClDevices
{
    private const int MostDevices = 64;

    /// <summary>All devices of all platforms, or one entry that says why there is none.</summary>
    public static IReadOnlyList<FoundDevice> Find()
    {
        NativeLibraries.Install();
        if (NativeLibraries.OpenClMissing is { } missing) return [None(missing)];
        var error = CLAPI.CurrentAPI.GetNumPlatforms(out int count);
        if (error != CLError.CL_SUCCESS || count == 0) return [None("the OpenCL loader lists no platform: no driver is installed")];
        var platforms = new nint[count];
        CLException.ThrowIfFailed(CLAPI.CurrentAPI.GetPlatforms(platforms, ref count));
        var found = new List<FoundDevice>();
        foreach (nint platform in platforms)
        {
            var devices = new nint[MostDevices];
            // A platform without devices answers with an error: nothing to list.
            if (CLAPI.CurrentAPI.GetDevices(platform, CLDeviceType.CL_DEVICE_TYPE_ALL, devices, out int total) != CLError.CL_SUCCESS) continue;
            foreach (nint device in devices.AsSpan(0, Math.Min(total, MostDevices))) found.Add(Describe(platform, device, found.Count));
        }
        return found.Count > 0 ? found : [None($"the OpenCL platforms ({count}) list no device")];
    }

    private static FoundDevice Describe(nint platform, nint id, int index)
    {
        string name = $"opencl:{index}";
        CLDevice device;
        try
        {
            device = new CLDevice(platform, id);
        }
        catch (Exception error) when (error is CLException or NotSupportedException)
        {
            return new FoundDevice(
                new DeviceInfo(name, DeviceKind.OpenCL, "unknown", 0, 0, $"does not answer: {error.Message}"), ExecutionForm.Group, int.MaxValue, null);
        }
        string? rejection = Rejection(device);
        bool isCpu = device.DeviceType.HasFlag(CLDeviceType.CL_DEVICE_TYPE_CPU);
        var info = new DeviceInfo(name, DeviceKind.OpenCL, device.Name, device.MemorySize, device.NumMultiprocessors, rejection);
        return new FoundDevice(info, isCpu ? ExecutionForm.Serial : ExecutionForm.Group, isCpu ? 2 : 1, rejection is not null ? null : context =>
        {
            var accelerator = OpenClKernelCompiler.Open(device, context);
            return (accelerator, new OpenClKernelCompiler(accelerator));
        });
    }

    private static string? Rejection(CLDevice device)
    {
        if (device.CLStdVersion < CLBackend.MinimumVersion)
            return $"{device.PlatformName}: OpenCL {device.DeviceVersion}, but {CLBackend.MinimumVersion} or newer is needed";
        if (!device.Capabilities.GenericAddressSpace)
            return $"{device.PlatformName}: no generic address space in its OpenCL {device.DeviceVersion} (PoCL has it since version 4)";
        return null;
    }

    private static FoundDevice None(string reason) =>
        new(new DeviceInfo("opencl", DeviceKind.OpenCL, "OpenCL", 0, 0, reason), ExecutionForm.Group, int.MaxValue, null);
}
