using GpuNets.Kernels;
using ILGPU.Runtime.Cuda;

namespace GpuNets;

/// <summary>NVIDIA GPUs.</summary>
internal static class CudaDevices
{
    // Warp shuffles that name their participants, and independent thread scheduling.
    private static readonly CudaArchitecture s_oldest = CudaArchitecture.SM_70;

    /// <summary>All GPUs, or one entry that says why there is none.</summary>
    public static IReadOnlyList<FoundDevice> Find()
    {
        NativeLibraries.Install();
        if (NativeLibraries.CudaMissing is { } missing) return [None(missing)];
        var error = CudaAPI.CurrentAPI.GetDeviceCount(out int count);
        if (error != CudaError.CUDA_SUCCESS || count == 0)
            return [None(error == CudaError.CUDA_SUCCESS ? "the NVIDIA driver lists no GPU" : $"the NVIDIA driver answers {error}")];
        var devices = CudaDevice.GetDevices(_ => true);
        if (devices.Length == 0) return [None($"the NVIDIA driver counts {count} GPUs, but none can be asked for its properties")];
        return [.. devices.Cast<CudaDevice>().Select((device, index) => Describe(device, index))];
    }

    private static FoundDevice Describe(CudaDevice device, int index)
    {
        string? rejection = device.Architecture is not { } architecture || architecture < s_oldest
            ? $"compute capability {device.Architecture}: {s_oldest.Major}.{s_oldest.Minor} or newer is needed"
            : device.InstructionSet is null ? $"driver {device.DriverVersion} is too old for this GPU" : null;
        var info = new DeviceInfo($"cuda:{index}", DeviceKind.Cuda, device.Name, device.MemorySize, device.NumMultiprocessors, rejection);
        return new FoundDevice(info, ExecutionForm.Warp, 0, rejection is not null ? null : context =>
        {
            var accelerator = device.CreateCudaAccelerator(context);
            return (accelerator, new CudaKernelCompiler(accelerator));
        });
    }

    private static FoundDevice None(string reason) =>
        new(new DeviceInfo("cuda", DeviceKind.Cuda, "CUDA", 0, 0, reason), ExecutionForm.Warp, int.MaxValue, null);
}
