using GpuNets.Kernels;
using ILGPU;
using ILGPU.Runtime;

namespace GpuNets;

public sealed partial class Device
{
    /// <summary>Name of the environment variable that <see cref="Open"/> reads when it is given no name.</summary>
    public const string EnvironmentVariable = "GPUNETS_DEVICE";

    /// <summary>Opens a device.</summary>
    /// <param name="name">
    /// <c>cpu</c>, <c>cuda:N</c>, <c>opencl:N</c>, or <c>auto</c>: CUDA, then an OpenCL GPU, then an OpenCL CPU, then the host's cores.
    /// Null reads the variable GPUNETS_DEVICE and falls back to <c>auto</c>.
    /// </param>
    /// <param name="options">Settings; null for the defaults.</param>
    /// <exception cref="DeviceUnavailableException">There is no such device, or it cannot run kernels; the message lists what is there.</exception>
    public static Device Open(string? name = null, DeviceOptions? options = null)
    {
        options ??= new DeviceOptions();
        name ??= Environment.GetEnvironmentVariable(EnvironmentVariable);
        if (string.IsNullOrWhiteSpace(name)) name = "auto";
        return DeviceDiscovery.Open(name.Trim().ToLowerInvariant(), options);
    }

    /// <summary>All devices of this machine, with the reason for those that cannot be used.</summary>
    public static IReadOnlyList<DeviceInfo> List() => DeviceDiscovery.List();

    internal static Device Create(
        Context context, Accelerator accelerator, DeviceInfo info, ExecutionForm form, KernelCompiler compiler, DeviceOptions options) =>
        new(context, accelerator, info, options.Form ?? form, compiler, options);
}
